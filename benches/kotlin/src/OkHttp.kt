package bench

import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.concurrent.Future
import kotlinx.serialization.Serializable
import kotlinx.serialization.decodeFromString
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import okhttp3.ConnectionPool
import okhttp3.MediaType.Companion.toMediaType
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody.Companion.toRequestBody
import java.util.concurrent.TimeUnit

/** OkHttp with kotlinx.serialization, by threads where several pages are in flight. Dates stay text. */
class OkHttp(private val job: Job) : Contender {
    // Its pool keeps five connections where nothing is said.
    private val client =
        OkHttpClient.Builder().connectionPool(ConnectionPool(job.inFlight.coerceAtLeast(5), 5, TimeUnit.MINUTES)).build()
    private val json = Json { ignoreUnknownKeys = true }
    private val type = "application/json".toMediaType()

    @Serializable
    class User(
        val id: String,
        val name: String,
        val email: String,
        val ref: String?,
        val archived: Boolean,
        val isActive: Boolean,
        val roles: List<String>,
        val language: String,
        val lastLogin: String?,
        val invitedOn: String?,
        val groupCount: Int,
    )

    @Serializable
    class Edge(val node: User)

    @Serializable
    class PageInfo(val hasNextPage: Boolean, val endCursor: String?)

    @Serializable
    class Users(val pageInfo: PageInfo, val count: Int, val edges: List<Edge>)

    @Serializable
    class UsersData(val paginatedUsers: Users)

    @Serializable
    class Answer<T>(val data: T)

    @Serializable
    class Named(val id: String, val name: String)

    @Serializable
    class OneData(val user: Named?)

    private fun send(query: String, vararg variables: Pair<String, JsonElement>): String {
        val body =
            buildJsonObject {
                put("query", JsonPrimitive(query))
                put("variables", buildJsonObject { variables.forEach { (name, value) -> put(name, value) } })
            }
        val request =
            Request
                .Builder()
                .url(job.url)
                .header("authorization", "Bearer ${job.token}")
                .post(body.toString().toRequestBody(type))
                .build()
        return client.newCall(request).execute().use { response ->
            check(response.isSuccessful) { response.code }
            response.body.string()
        }
    }

    private fun page(vararg start: Pair<String, JsonElement>): Users {
        val text = send(job.users, "first" to JsonPrimitive(PAGE), *start)
        return json.decodeFromString<Answer<UsersData>>(text).data.paginatedUsers
    }

    override suspend fun drain(tally: Tally, pages: Int) =
        if (job.inFlight == 1) byCursor(tally, pages) else byOffset(tally, pages)

    private fun byCursor(tally: Tally, pages: Int) {
        var cursor: String? = null
        for (number in 0 until pages) {
            val users = page("after" to JsonPrimitive(cursor))
            for (edge in users.edges) tally.row(edge.node.ref)
            if (!users.pageInfo.hasNextPage) return
            cursor = users.pageInfo.endCursor
        }
    }

    private fun byOffset(tally: Tally, pages: Int) {
        val threads = Executors.newFixedThreadPool(job.inFlight)
        val coming = ArrayDeque<Future<Users>>()
        for (number in 0 until pages + job.inFlight) {
            if (number < pages) coming.add(threads.submit(Callable { page("offset" to JsonPrimitive(number * PAGE)) }))
            if (number >= job.inFlight) coming.removeFirstOrNull()?.get()?.edges?.forEach { tally.row(it.node.ref) }
        }
        while (coming.isNotEmpty()) coming.removeFirst().get().edges.forEach { tally.row(it.node.ref) }
        threads.shutdown()
    }

    override suspend fun one() {
        val text = send(job.one, "ref" to JsonPrimitive("EMP-000001"))
        checkNotNull(json.decodeFromString<Answer<OneData>>(text).data.user).name
    }
}
