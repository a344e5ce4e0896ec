package io.github.pluvosdk

import io.github.pluvosdk.internal.Header
import io.github.pluvosdk.internal.webhookSignForTest
import io.github.pluvosdk.internal.webhookVerify
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.serializer
import java.time.Instant

/**
 * Webhooks, for servers that receive them.
 *
 * ```kotlin
 * val webhooks = Webhooks(System.getenv("PLUVO_WEBHOOK_KEY"))
 * val delivery = webhooks.verify(body, headers) // the body as the bytes that arrived
 * if (seen.add(delivery.key)) println("${delivery.event}: ${delivery.payload}")
 * ```
 *
 * @param keys The keys of the subscription, several while one is replaced by another.
 * @param literal Takes the words of Pluvo's newest page for the signature as they stand; other pages, and Pluvo's own
 * example, have another.
 */
public class Webhooks(private val keys: List<String>, private val literal: Boolean = false) {
    public constructor(vararg keys: String) : this(keys.toList())

    /**
     * Checks that a delivery is Pluvo's, and reads it.
     *
     * @param body The body as the bytes that arrived, before anything has parsed it.
     * @param headers The request's headers, whatever the case of their names.
     * @throws PluvoException.Webhook where it is not Pluvo's.
     */
    public fun verify(body: ByteArray, headers: Map<String, List<String>>): Delivery {
        val all = headers.flatMap { (name, values) -> values.map { Header(name, it) } }
        return json.decodeFromString(loaded { webhookVerify(body, all, keys, literal) })
    }

    /** Without the keys. */
    override fun toString(): String = "Webhooks(${keys.size} keys)"

    public companion object {
        /** The headers with which Pluvo would sign a body, for tests of a receiver. */
        public fun signForTest(body: ByteArray, key: String, salt: String = "salt"): Map<String, List<String>> =
            json.decodeFromString<Map<String, String>>(loaded { webhookSignForTest(body, key, salt) })
                .mapValues { (_, value) -> listOf(value) }
    }
}

/**
 * A delivery that is Pluvo's.
 */
@Serializable
public data class Delivery(
    /** What happened, as Pluvo names it. */
    public val event: String,
    /** When it was sent. */
    @Serializable(ReadInstant::class)
    public val sentDate: Instant? = null,
    /** The same for two deliveries of one event: keep it to do nothing twice. */
    public val key: String,
    /** `user`, `training`, `group`, `enrollment`, `module_group`, or `unknown`. */
    public val kind: String,
    /** What it is about, in one naming style for both of Pluvo's; null where the kind is not known. */
    public val payload: JsonElement = JsonNull,
    /** Everything as it was sent. */
    public val raw: JsonObject,
) {
    /** The payload, read into a type of one's own. */
    public inline fun <reified T> read(): T = read(serializer<T>())

    /** The payload, read into a type of one's own. */
    public fun <T> read(payload: DeserializationStrategy<T>): T = json.decodeFromJsonElement(payload, this.payload)
}
