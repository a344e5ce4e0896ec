// The examples that stand in the documentation of hand-written classes. DocsTest holds those to it.
package guide

import io.github.pluvosdk.AccessToken
import io.github.pluvosdk.Pluvo
import io.github.pluvosdk.PluvoException
import io.github.pluvosdk.Webhooks
import io.github.pluvosdk.select
import io.github.pluvosdk.testing.Sandbox
import kotlinx.serialization.Serializable
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

interface Tokens {
    suspend fun pluvoToken(): String
}

suspend fun client(backend: Tokens) {
    val pluvo = Pluvo(organization = "acme", token = { AccessToken(backend.pluvoToken()) })
    pluvo.users.list(archived = false).collect { user -> println(user.name) }
}

suspend fun options(pluvo: Pluvo) {
    val user = pluvo.withOptions(timeout = 5.seconds, maxAttempts = 1).users.get(ref = "EMP-1")
    println(user?.name)
}

suspend fun paged(pluvo: Pluvo) {
    pluvo.users.list(archived = false).collect { println(it.name) }
    val everybody = pluvo.users.list().toList()
    pluvo.users.list().pages().collect { page -> println("${page.items.size} of ${page.count}") }
    println(everybody.size)
}

object Query {
    @Serializable data class Answer(val user: Named?)

    @Serializable data class Named(val name: String)

    suspend fun named(pluvo: Pluvo) {
        val document = "query(\$ref: String!) { user(ref: \$ref) { name } }"
        val answer = pluvo.query<Answer>(document, mapOf("ref" to "EMP-1"))
        println(answer.user?.name)
    }
}

object Selected {
    @Serializable
    data class Contact(val name: String, val email: String?)

    suspend fun contacts(pluvo: Pluvo) {
        pluvo.users.list(select = select<Contact>("name email")).collect { println(it.email) }
    }
}

abstract class Renaming {
    abstract fun retryIn(pause: Duration?)

    abstract fun showOffline()

    abstract fun lookBeforeDoingItAgain()

    suspend fun rename(pluvo: Pluvo) {
        try {
            pluvo.users.update(ref = "EMP-1", name = "Anne")
        } catch (e: PluvoException) {
            when (e) {
                is PluvoException.RateLimited -> retryIn(e.retryAfter)
                is PluvoException.Network -> showOffline()
                is PluvoException.Indeterminate -> lookBeforeDoingItAgain()
                else -> throw e
            }
        }
    }
}

fun webhook(body: ByteArray, headers: Map<String, List<String>>, seen: MutableSet<String>) {
    val webhooks = Webhooks(System.getenv("PLUVO_WEBHOOK_KEY"))
    val delivery = webhooks.verify(body, headers) // the body as the bytes that arrived
    if (seen.add(delivery.key)) println("${delivery.event}: ${delivery.payload}")
}

suspend fun sandbox(assertEquals: (Long, Long) -> Unit) {
    Sandbox.start(users = 100).use { sandbox ->
        sandbox.client().use { pluvo -> assertEquals(100, pluvo.users.list().count()) }
    }
}
