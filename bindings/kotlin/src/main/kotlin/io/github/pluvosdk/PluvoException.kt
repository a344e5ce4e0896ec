package io.github.pluvosdk

import kotlinx.serialization.KSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * A call that failed. Its class says what can be done about it; [code] is the same word in every language of this SDK.
 *
 * ```kotlin
 * try {
 *     pluvo.users.update(ref = "EMP-1", name = "Anne")
 * } catch (e: PluvoException) {
 *     when (e) {
 *         is PluvoException.RateLimited -> retryIn(e.retryAfter)
 *         is PluvoException.Network -> showOffline()
 *         is PluvoException.Indeterminate -> lookBeforeDoingItAgain()
 *         else -> throw e
 *     }
 * }
 * ```
 *
 * The message says what happened, to what, and what to do. It holds no token, secret or variable. A coroutine that is
 * cancelled ends with its `CancellationException` as always, never with one of these.
 */
public sealed class PluvoException(details: Details) : Exception(details.message) {
    private val details = details

    /** What kind of failure it is, the same in every language: `rate_limited`. */
    public val code: String get() = details.code

    /** The GraphQL operation that failed, where there is one. */
    public val operation: String? get() = details.operation

    /** The HTTP status of the last answer, where there was one. */
    public val status: Int? get() = details.status

    /** The server's own id of the request, to quote to support. */
    public val requestId: String? get() = details.requestId

    /** How long the server asks to wait. */
    public val retryAfter: Duration? get() = details.retryAfter?.seconds

    /** How many attempts were made; 0 where nothing was sent. */
    public val attempts: Int get() = details.attempts

    /** Whether the same call may succeed later without any change. */
    public val isRetryable: Boolean get() = details.retryable

    /** Whether a write may have been carried out although it failed. */
    public val isIndeterminate: Boolean get() = details.indeterminate

    /** The errors that the server wrote. Their messages are the server's and may repeat what was sent. */
    public val graphql: List<GraphqlError> get() = details.graphql

    /** What caused it, the nearest cause first, in words without secrets. */
    public val causes: List<String> get() = details.causes

    /** The client is set up wrongly: a setting, an organisation, a certificate. Nothing was sent. */
    public class Config internal constructor(details: Details) : PluvoException(details)

    /** There is no token, or it is not accepted: credentials, the token provider, the token endpoint. */
    public class Auth internal constructor(details: Details) : PluvoException(details)

    /** The token may not do this. The message names the scope that the call needs. */
    public class Permission internal constructor(details: Details) : PluvoException(details)

    /** What was named is not there. */
    public class NotFound internal constructor(details: Details) : PluvoException(details)

    /** The call itself is wrong: an argument, a value, a document. */
    public class Invalid internal constructor(details: Details) : PluvoException(details)

    /** It contradicts what is there: a ref or an e-mail address that somebody else has. */
    public class Conflict internal constructor(details: Details) : PluvoException(details)

    /** There were too many requests, and [retryAfter] was longer than the client is willing to wait. */
    public class RateLimited internal constructor(details: Details) : PluvoException(details)

    /** The server was not reached or did not answer in time: [code] is `connect` or `timeout`. */
    public class Network internal constructor(details: Details) : PluvoException(details)

    /**
     * The server failed, or its answer cannot be used: [code] is `server`, `graphql`, `decode` or `pagination`.
     */
    public class Server internal constructor(details: Details) : PluvoException(details)

    /** A write was sent and nobody knows whether it was carried out. Look before doing it again. */
    public class Indeterminate internal constructor(details: Details) : PluvoException(details)

    /** A webhook's delivery is not Pluvo's, or cannot be read. */
    public class Webhook internal constructor(details: Details) : PluvoException(details)

    /** The call ended without a result: the client was closed (`cancelled`), or this library failed (`internal`). */
    public class Aborted internal constructor(details: Details) : PluvoException(details)

    /** As it comes from the core. */
    @Serializable
    internal data class Details(
        val code: String,
        val message: String,
        val operation: String? = null,
        val status: Int? = null,
        val requestId: String? = null,
        val retryAfter: Double? = null,
        val attempts: Int = 0,
        val retryable: Boolean = false,
        val indeterminate: Boolean = false,
        val graphql: List<GraphqlError> = emptyList(),
        val causes: List<String> = emptyList(),
    )

    internal companion object {
        /** Every code and the class that it makes. */
        val CLASSES: Map<String, (Details) -> PluvoException> =
            mapOf(
                "config" to ::Config,
                "auth" to ::Auth,
                "permission" to ::Permission,
                "not_found" to ::NotFound,
                "invalid" to ::Invalid,
                "conflict" to ::Conflict,
                "rate_limited" to ::RateLimited,
                "timeout" to ::Network,
                "connect" to ::Network,
                "server" to ::Server,
                "graphql" to ::Server,
                "decode" to ::Server,
                "pagination" to ::Server,
                "indeterminate" to ::Indeterminate,
                "webhook" to ::Webhook,
                "cancelled" to ::Aborted,
                "internal" to ::Aborted,
            )

        fun of(details: Details): PluvoException = (CLASSES[details.code] ?: ::Aborted)(details)

        fun of(details: String): PluvoException = of(json.decodeFromString<Details>(details))

        fun closed(): PluvoException = of(Details("cancelled", "the client is closed"))

        /** An answer that is not what was asked for: says where, and nothing of what stands there. */
        fun decode(call: String, cause: Throwable): PluvoException {
            val path = PLACE.find(cause.message.orEmpty())?.groupValues?.get(1).orEmpty()
            val place = path.removePrefix(".").let { if (it.isEmpty()) it else " at $it" }
            return of(Details("decode", "what $call gives cannot be read$place: ${cause::class.java.simpleName}"))
        }

        /** Where the parser says that it stands, without the root. Its other words quote what it read. */
        private val PLACE = Regex("at path:? \\$(\\S*)")
    }

    internal object Reader : KSerializer<PluvoException> {
        override val descriptor: SerialDescriptor = Details.serializer().descriptor

        override fun deserialize(decoder: Decoder): PluvoException = of(Details.serializer().deserialize(decoder))

        override fun serialize(encoder: Encoder, value: PluvoException): Unit =
            Details.serializer().serialize(encoder, value.details)
    }
}

/** For models that hold an error. */
internal typealias PluvoExceptionSerializer = PluvoException.Reader

/** An error that the server wrote into its answer. */
@Serializable
public data class GraphqlError(
    /** What the server says. It may repeat what was sent. */
    public val message: String = "",
    /** Where in the data: names of fields and places in lists. */
    public val path: JsonArray = JsonArray(emptyList()),
    /** Where in the document: objects with `line` and `column`. */
    public val locations: List<JsonElement> = emptyList(),
    /** Whatever the server adds. */
    public val extensions: JsonObject = JsonObject(emptyMap()),
) {
    /** `extensions.code`, where it is text. */
    public val code: String? get() = (extensions["code"] as? JsonPrimitive)?.contentOrNull

    /** Without the server's words, which may repeat what was sent. */
    override fun toString(): String = "GraphqlError(code=$code, path=$path)"
}
