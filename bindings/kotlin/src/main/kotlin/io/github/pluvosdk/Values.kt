package io.github.pluvosdk

import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import java.util.UUID

/**
 * The id that Pluvo gave to something.
 *
 * Nearly all are UUIDs, and [uuid] gives them as such; any other text is kept as it is, so that one odd id makes no
 * page unreadable.
 */
@Serializable
@JvmInline
public value class Id(
    /** The id as the API writes it. */
    public val value: String,
) {
    public constructor(uuid: UUID) : this(uuid.toString())

    /** The id as a UUID, where it is one. */
    public val uuid: UUID?
        get() = if (value.length == UUID_LENGTH) runCatching { UUID.fromString(value) }.getOrNull() else null

    override fun toString(): String = value
}

/** `UUID.fromString` also reads shorter texts, which no API writes. */
private const val UUID_LENGTH = 36

/** JSON inside of a text, as Pluvo keeps free fields. */
@Serializable
@JvmInline
public value class JsonString(
    /** The text. */
    public val text: String,
) {
    /**
     * What the text holds.
     *
     * @throws kotlinx.serialization.SerializationException where it is no JSON.
     */
    public fun parse(): JsonElement = Json.parseToJsonElement(text)

    override fun toString(): String = text
}
