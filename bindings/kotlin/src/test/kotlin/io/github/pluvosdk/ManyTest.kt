package io.github.pluvosdk

import io.github.pluvosdk.model.BulkTotals
import io.github.pluvosdk.model.Role
import io.github.pluvosdk.model.RowState
import io.github.pluvosdk.model.SyncRow
import io.github.pluvosdk.model.UserRow
import io.github.pluvosdk.testing.Sandbox
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.Serializable
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import java.util.concurrent.Executors

/** Many callers, many clients, many rows; and how lists read. */
class ManyTest {
    @Test
    fun `a thousand coroutines on several dispatchers share one client`() = runBlocking {
        sandbox.client().use { client ->
            val ids = client.users.list().toList().map { it.id }
            Executors.newFixedThreadPool(2).asCoroutineDispatcher().use { own ->
                val dispatchers = listOf(Dispatchers.Default, Dispatchers.IO, Dispatchers.Unconfined, own)
                val calls = List(1_000) { n ->
                    async(dispatchers[n % dispatchers.size]) { client.users.get(id = ids[n % ids.size]) }
                }
                assertEquals(List(1_000) { ids[it % ids.size] }, calls.awaitAll().map { it?.id })
            }
        }
    }

    @Test
    fun `clients that are made and closed leave no threads behind`() = runBlocking {
        sandbox.client().use { it.users.list().count() }
        repeat(10_000) { Pluvo(organization = sandbox.url, token = { sandbox.token() }).close() }
        repeat(20) { sandbox.client().use { client -> client.users.list().first() } }
        val names = Thread.getAllStackTraces().keys.map { it.name }
        // Those of the native runtime show in the JVM while they call back, and have its name.
        assertTrue(names.count { it.startsWith("pluvo-sdk") } <= 10) { names.sorted().joinToString() }
    }

    @Test
    fun `a client that nobody holds any more serves what still runs`() = runBlocking {
        val list = { sandbox.client().users.list() }()
        val pager = list.pager()
        repeat(3) { System.gc() }
        var rows = 0
        pager.use {
            while (true) {
                rows += it.next()?.items?.size ?: break
                System.gc()
            }
        }
        assertEquals(USERS, rows)
        assertEquals(USERS, list.toList().size)
    }

    @Test
    fun `a list is a flow, pages, a first row, a count and a list`() = runBlocking {
        sandbox.client().use { client ->
            val list = client.users.list()
            val all = list.toList()
            assertEquals(USERS, all.size)
            val rows = mutableListOf<Id>()
            list.collect { rows += it.id }
            assertEquals(all.map { it.id }, rows)
            val pages = list.pageSize(25).pages().toList()
            assertEquals(listOf(25, 25, 10), pages.map { it.items.size })
            assertEquals(USERS.toLong(), pages.first().count)
            assertEquals(USERS.toLong(), list.count())
            assertEquals(all.first(), list.first())
            assertEquals(all, list.parallel(3).pageSize(10).toList())
            val rest = list.after(checkNotNull(pages[0].position)).pageSize(25).toList()
            assertEquals(all.drop(25), rest)
            assertThrows<NoSuchElementException> {
                runBlocking { client.users.list(q = "nobody is called this").first() }
            }
            Unit
        }
    }

    @Serializable
    data class Contact(val name: String, val email: String? = null)

    @Serializable
    data class Answer(val user: Contact?)

    @Test
    fun `fields of one's own and documents of one's own are read into types of one's own`() = runBlocking {
        sandbox.client().use { client ->
            val user = client.users.list(archived = false).first()
            val contacts = client.users.list(
                archived = false,
                select = select<Contact>("name email"),
            ).limit(3).toList()
            assertEquals(Contact(checkNotNull(user.name), user.email), contacts.first())
            val found = client.users.get(id = user.id, select = select<Contact>("name email"))
            assertEquals(contacts.first(), found)
            val document = "query(\$id: UUID) { user(id: \$id) { name email } }"
            assertEquals(Answer(found), client.query<Answer>(document, mapOf("id" to user.id)))
            assertNotNull(user.id.uuid)
            assertTrue(user.roles.orEmpty().all { it in Role.known })
        }
    }

    @Test
    fun `rows are written in bulk, from a flow of any length, each with its outcome`() = runBlocking {
        Sandbox.start(users = 10).use { sandbox ->
            sandbox.client().use { client ->
                val rows = flow {
                    repeat(120) { n -> emit(UserRow(ref = "K-$n", email = "k$n@example.org", name = "Person $n")) }
                    emit(UserRow(ref = "K-broken"))
                }
                val told = mutableListOf<BulkTotals>()
                val report = client.users.upsertMany(rows) { told += it }
                assertEquals((0..120).toList(), report.outcomes.map { it.index })
                assertEquals(120, report.created)
                assertEquals(listOf(120), report.failed.map { it.index })
                assertNotNull(report.failed.single().error)
                assertTrue(report.indeterminate.isEmpty())
                assertEquals(report.totals, told.last())
                assertEquals(130, client.users.list().count())
                val again = client.users.upsertMany(listOf(UserRow(ref = "K-1", name = "Another")))
                assertEquals(listOf(RowState.UPDATED), again.outcomes.map { it.outcome })
            }
        }
    }

    @Test
    fun `a flow of rows that fails fails the whole`() = runBlocking {
        sandbox.client().use { client ->
            val rows = flow<UserRow> { error("the file ends here") }
            val failed = assertThrows<IllegalStateException> { runBlocking { client.users.upsertMany(rows) } }
            assertEquals("the file ends here", failed.message)
        }
    }

    @Test
    fun `a sync is planned, then applied, and a second one changes nothing`() = runBlocking {
        Sandbox.start(users = 10).use { sandbox ->
            sandbox.client().use { client ->
                val rows = List(5) { n -> SyncRow(ref = "S-$n", email = "s$n@example.org", name = "Synced $n") }
                val plan = client.users.sync(rows)
                assertEquals(5, plan.summary.create)
                assertEquals(10, client.users.list().count())
                val applied = plan.apply()
                assertTrue(applied.complete)
                assertEquals(15, client.users.list().count())
                val second = client.users.sync(rows)
                assertEquals(5, second.summary.unchanged)
                assertTrue(second.steps.isEmpty())
                assertFalse(second.problems.isNotEmpty())
            }
        }
    }

    private companion object {
        const val USERS = 60
        val sandbox: Sandbox = Sandbox.start(users = USERS)

        @JvmStatic
        @AfterAll
        fun stop(): Unit = sandbox.close()
    }
}
