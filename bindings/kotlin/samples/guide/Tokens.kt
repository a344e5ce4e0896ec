// The code of docs/kotlin.md about tokens, observing and webhooks. DocsTest holds the page to it.
package guide

import io.github.pluvosdk.AccessToken
import io.github.pluvosdk.Delivery
import io.github.pluvosdk.LogLevel
import io.github.pluvosdk.Pluvo
import io.github.pluvosdk.PluvoLog
import io.github.pluvosdk.ServerTrust
import io.github.pluvosdk.Settings
import io.github.pluvosdk.TokenProvider
import io.github.pluvosdk.Webhooks
import kotlin.time.Duration.Companion.seconds

/** The app's own back end. */
interface Backend {
    class Answer(val token: String, val secondsLeft: Int)

    suspend fun pluvoToken(): Answer
}

fun app(backend: Backend): Pluvo {
    val pluvo = Pluvo(organization = "acme", token = {
        val answer = backend.pluvoToken()
        AccessToken(answer.token, expiresIn = answer.secondsLeft.seconds)
    })
    return pluvo
}

fun server(clientId: String, clientSecret: String): List<Pluvo> {
    val pluvo = Pluvo.forServer("acme", clientId, clientSecret, scopes = listOf("users.read"))
    val same = Pluvo.fromEnvironment() // PLUVO_ORGANIZATION, PLUVO_CLIENT_ID, PLUVO_CLIENT_SECRET
    return listOf(pluvo, same)
}

fun trusting(provider: TokenProvider): Pluvo {
    val settings = Settings(trust = ServerTrust.platform())
    val pluvo = Pluvo(organization = "acme", token = provider, settings = settings)
    return pluvo
}

fun bounded(pluvo: Pluvo): Pluvo {
    val hasty = pluvo.withOptions(timeout = 5.seconds, maxAttempts = 1)
    return hasty
}

fun observed(provider: TokenProvider, logger: System.Logger): Pluvo {
    PluvoLog.listen(LogLevel.INFO) { record -> logger.log(System.Logger.Level.INFO, record.toString()) }
    val pluvo = Pluvo(
        organization = "acme",
        token = provider,
        attempts = { println("${it.operation} ${it.status} ${it.elapsed}") },
    )
    return pluvo
}

/** What a server that receives webhooks does with one. [seen] is kept where all its processes see it. */
class Receiver(private val seen: MutableSet<String>, private val handle: (Delivery) -> Unit) {
    private val webhooks = Webhooks(System.getenv("PLUVO_WEBHOOK_KEY") ?: "key")

    fun receive(body: ByteArray, headers: Map<String, List<String>>) {
        val delivery = webhooks.verify(body, headers) // the bytes that arrived, before anything has parsed them
        if (seen.add(delivery.key)) handle(delivery)
    }
}
