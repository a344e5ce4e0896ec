package io.github.pluvosdk

import kotlinx.serialization.KSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.Transient
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.json.JsonPrimitive
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.DurationUnit

/** How a client works. What is not said is as the core has it, which suits most programs. */
@Serializable
public data class Settings(
    /** How calls are repeated that may succeed later. */
    public val retry: Retry? = null,
    /** How many repeats there may be among all requests, so that nobody makes a storm. */
    public val retryBudget: RetryBudget? = null,
    /** When tokens are renewed. */
    public val renewal: Renewal? = null,
    /** How many requests there may be at a time. */
    public val limits: Limits? = null,
    /** How long each attempt may take. */
    public val timeouts: Timeouts? = null,
    /** How long a connection that nobody uses is kept. */
    @Serializable(SecondsSerializer::class)
    public val idleTimeout: Duration? = null,
    /** The most bytes of an answer, counted after decompression. */
    public val maxBody: Long? = null,
    /** How lists are read. */
    public val paging: Paging? = null,
    /** A certificate authority to trust besides those of the system, as PEM. Not together with [trust]. */
    public val certificateAuthority: String? = null,
    /** Which servers are trusted, in place of the core's own judgement: [ServerTrust.platform] on Android. */
    @Transient
    public val trust: ServerTrust? = null,
    /** The proxy; where nothing is said, that of the environment. */
    public val proxy: Proxy? = null,
    /** What stands before the SDK's own name in `User-Agent`. */
    public val userAgent: String? = null,
    /** A file, which only its owner can read, in which processes share a token. For servers. */
    public val tokenStore: String? = null,
)

/** How calls are repeated that may succeed later. */
@Serializable
public data class Retry(
    /** Attempts in all; 1 repeats nothing. */
    public val maxAttempts: Int? = null,
    /** The pause before the second attempt, about which chance decides. */
    @Serializable(SecondsSerializer::class)
    public val baseDelay: Duration? = null,
    /** The longest pause. */
    @Serializable(SecondsSerializer::class)
    public val maxDelay: Duration? = null,
    /** How long all attempts may take together. */
    @Serializable(SecondsSerializer::class)
    public val total: Duration? = null,
    /** The longest `Retry-After` that is waited for. */
    @Serializable(SecondsSerializer::class)
    public val maxRetryAfter: Duration? = null,
)

/** How many repeats there may be among all requests. */
@Serializable
public data class RetryBudget(
    /** Repeats to requests. */
    public val ratio: Double? = null,
    /** Over how long that is counted. */
    @Serializable(SecondsSerializer::class)
    public val window: Duration? = null,
    /** Repeats that are always allowed. */
    public val reserve: Int? = null,
)

/** When tokens are renewed. */
@Serializable
public data class Renewal(
    /** From when before its end a token is renewed while it is still used. */
    @Serializable(SecondsSerializer::class)
    public val ahead: Duration? = null,
    /** From when before its end a token is used no more. */
    @Serializable(SecondsSerializer::class)
    public val margin: Duration? = null,
    /** The pause after a renewal that failed. */
    @Serializable(SecondsSerializer::class)
    public val pause: Duration? = null,
    /** How long a token provider may take. */
    @Serializable(SecondsSerializer::class)
    public val providerTimeout: Duration? = null,
)

/** How many requests there may be at a time. */
@Serializable
public data class Limits(
    /** In flight. */
    public val inFlight: Int? = null,
    /** In a second, at most. */
    public val rate: Double? = null,
    /** How long the rate takes to recover after the server complained. */
    @Serializable(SecondsSerializer::class)
    public val recovery: Duration? = null,
)

/** How long each attempt may take. */
@Serializable
public data class Timeouts(
    /** To connect. */
    @Serializable(SecondsSerializer::class)
    public val connect: Duration? = null,
    /** Between two pieces of an answer. */
    @Serializable(SecondsSerializer::class)
    public val read: Duration? = null,
    /** In all. */
    @Serializable(SecondsSerializer::class)
    public val attempt: Duration? = null,
)

/** How lists are read. */
@Serializable
public data class Paging(
    /** Rows in a page; Pluvo gives 50 at most. */
    public val pageSize: Int? = null,
    /** Whether one page is fetched ahead. */
    public val prefetch: Boolean? = null,
    /** Pages in flight for calls that read everything. */
    public val parallel: Int? = null,
)

/** The proxy that requests go through. Its text shows no password. */
@Serializable(Proxy.Writer::class)
public class Proxy private constructor(private val url: String?) {
    override fun toString(): String = if (url == null) "Proxy(none)" else "Proxy(***)"

    override fun equals(other: Any?): Boolean = other is Proxy && other.url == url

    override fun hashCode(): Int = url.hashCode()

    public companion object {
        /** None, whatever the environment says. */
        public val none: Proxy = Proxy(null)

        /** The proxy at an address, which may hold a name and a password. */
        public fun at(url: String): Proxy = Proxy(url)
    }

    internal object Writer : KSerializer<Proxy> {
        override val descriptor: SerialDescriptor = JsonPrimitive.serializer().descriptor

        override fun serialize(encoder: Encoder, value: Proxy) {
            val written = if (value.url == null) JsonPrimitive(false) else JsonPrimitive(value.url)
            JsonPrimitive.serializer().serialize(encoder, written)
        }

        override fun deserialize(decoder: Decoder): Proxy = error("settings are only written")
    }
}

/** Lengths of time are seconds at the border. */
internal object SecondsSerializer : KSerializer<Duration> {
    override val descriptor: SerialDescriptor =
        PrimitiveSerialDescriptor("io.github.pluvosdk.Seconds", PrimitiveKind.DOUBLE)

    override fun serialize(encoder: Encoder, value: Duration): Unit =
        encoder.encodeDouble(value.toDouble(DurationUnit.SECONDS))

    override fun deserialize(decoder: Decoder): Duration = decoder.decodeDouble().seconds
}
