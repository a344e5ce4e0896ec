package io.github.pluvosdk

import io.github.pluvosdk.testing.Sandbox
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import kotlin.coroutines.cancellation.CancellationException
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * Giving up, in every way that Kotlin has.
 *
 * The sandbox never answers while a test hangs, so a call that ends has ended because it was given up. Each has to end
 * within [PATIENCE], which is a thousand times what it needs, and the sandbox has to see its connection go away.
 */
class CancellationTest {
    @AfterEach
    fun whole() {
        sandbox.control("DELETE", "faults")
        sandbox.control("DELETE", "log")
    }

    @Test
    fun `a coroutine that is cancelled ends, and nothing of it is left running`() = hanging { client, call ->
        val began = System.nanoTime()
        call.cancelAndJoin()
        println("cancelled after ${(System.nanoTime() - began) / 1_000} µs")
        assertTrue(call.isCancelled)
        gone()
        // The client is as good as before.
        sandbox.control("DELETE", "faults")
        assertEquals(USERS, client.users.list().count())
    }

    @Test
    fun `a time-out of the caller ends a call`() = hanging { client, other ->
        assertNull(withTimeoutOrNull(20.milliseconds) { client.users.get(ref = "EMP-1") })
        other.cancelAndJoin()
        gone()
    }

    @Test
    fun `a flow that is cancelled ends what is in flight`() = hanging { client, other ->
        val reading = launch(Dispatchers.Default) { client.users.list().collect {} }
        until(2)
        reading.cancelAndJoin()
        other.cancelAndJoin()
        gone()
    }

    @Test
    fun `a collection that is cancelled hands no more rows over, of the same page neither`() = runBlocking {
        sandbox.client().use { client ->
            var rows = 0
            launch {
                client.users.list().collect {
                    rows += 1
                    cancel()
                }
            }.join()
            assertEquals(1, rows)
        }
    }

    @Test
    fun `a client that is closed ends its calls with an error, and takes no others`() = hanging { client, call ->
        client.close()
        assertEquals("cancelled", assertThrows<PluvoException.Aborted> { runBlocking { call.await() } }.code)
        val later = assertThrows<PluvoException.Aborted> { runBlocking { client.users.get(ref = "EMP-1") } }
        assertEquals("cancelled", later.code)
        assertThrows<PluvoException.Aborted> { client.users.list().pager() }
        assertEquals("Pluvo(closed)", client.toString())
        client.close()
        gone()
    }

    @Test
    fun `a derived client is closed by itself`() = runBlocking {
        sandbox.client().use { client ->
            val derived = client.withOptions(timeout = 5.seconds)
            derived.close()
            assertEquals(USERS, client.users.list().count())
            assertThrows<PluvoException.Aborted> { derived.withOptions() }
            Unit
        }
    }

    @Test
    fun `a provider that waits is cancelled with the call that asked it`() = runBlocking {
        val asked = CompletableDeferred<Unit>()
        val ended = CompletableDeferred<Throwable?>()
        val provider = TokenProvider {
            try {
                asked.complete(Unit)
                awaitCancellation()
            } catch (e: CancellationException) {
                ended.complete(e)
                throw e
            }
        }
        Pluvo(organization = sandbox.url, token = provider).use { client ->
            val call = async(Dispatchers.Default) { client.users.get(ref = "EMP-1") }
            asked.await()
            call.cancelAndJoin()
            withTimeout(PATIENCE) { assertInstanceOf(CancellationException::class.java, ended.await()) }
            Unit
        }
    }

    @Test
    fun `a flow that is left early asks for no more pages`() = runBlocking {
        sandbox.client().use { client ->
            assertEquals(3, client.users.list().pageSize(2).prefetch(false).take(3).toList().size)
            assertEquals(2, graphql().size)
        }
    }

    /** Runs a test while a call hangs at the server. */
    private fun hanging(test: suspend CoroutineScope.(Pluvo, Deferred<*>) -> Unit) = runBlocking {
        sandbox.control("POST", "faults", """[{"times": null, "do": $HANGS}]""")
        sandbox.client().use { client ->
            val call = CoroutineScope(Dispatchers.Default + SupervisorJob()).async {
                client.users.get(ref = "EMP-1")
            }
            until(1)
            withTimeout(PATIENCE) { test(client, call) }
        }
    }

    private fun graphql(): List<JsonObject> = sandbox.control("GET", "log").jsonArray.map { it.jsonObject }
        .filter { it.getValue("path").jsonPrimitive.content == "/graphql/" }

    private suspend fun until(requests: Int) {
        while (graphql().size < requests) yield()
    }

    /** Waits until the sandbox has nothing in flight: the connections of what was given up are gone. */
    private suspend fun gone() {
        withTimeout(PATIENCE) {
            while (sandbox.control("GET", "state").jsonObject.getValue("in_flight").jsonPrimitive.int > 0) yield()
        }
    }

    private companion object {
        const val USERS = 60L
        val PATIENCE = 10.seconds
        const val HANGS = """{"kind": "connection", "action": "stall", "at": "start"}"""
        val sandbox: Sandbox = Sandbox.start(users = USERS.toInt())

        @JvmStatic
        @AfterAll
        fun stop(): Unit = sandbox.close()
    }
}
