package bench

import bench.apollo.OneQuery
import bench.apollo.UsersQuery
import com.apollographql.apollo.ApolloClient
import com.apollographql.apollo.api.Optional
import com.apollographql.apollo.api.Query
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope

/** Apollo Kotlin without a cache, which is how it comes, over models that its own compiler wrote. Dates stay text. */
class Apollo(private val job: Job) : Contender {
    private val client =
        ApolloClient
            .Builder()
            .serverUrl(job.url)
            .addHttpHeader("Authorization", "Bearer ${job.token}")
            .build()

    private suspend fun <D : Query.Data> send(query: Query<D>): D = client.query(query).execute().dataOrThrow()

    private suspend fun page(after: String? = null, offset: Int? = null): UsersQuery.PaginatedUsers {
        val query = UsersQuery(Optional.present(PAGE), Optional.presentIfNotNull(after), Optional.presentIfNotNull(offset))
        return checkNotNull(send(query).paginatedUsers)
    }

    private fun tell(tally: Tally, users: UsersQuery.PaginatedUsers) {
        for (edge in users.edges) tally.row(edge?.node?.ref)
    }

    override suspend fun drain(tally: Tally, pages: Int) =
        if (job.inFlight == 1) byCursor(tally, pages) else byOffset(tally, pages)

    private suspend fun byCursor(tally: Tally, pages: Int) {
        var cursor: String? = null
        repeat(pages) {
            val users = page(after = cursor)
            tell(tally, users)
            if (!users.pageInfo.hasNextPage) return
            cursor = users.pageInfo.endCursor
        }
    }

    private suspend fun byOffset(tally: Tally, pages: Int) =
        coroutineScope {
            val coming = ArrayDeque<Deferred<UsersQuery.PaginatedUsers>>()
            repeat(pages) { number ->
                if (coming.size == job.inFlight) tell(tally, coming.removeFirst().await())
                coming += async { page(offset = number * PAGE) }
            }
            for (users in coming) tell(tally, users.await())
        }

    override suspend fun one() {
        checkNotNull(send(OneQuery(Optional.present("EMP-000001"))).user).name
    }
}
