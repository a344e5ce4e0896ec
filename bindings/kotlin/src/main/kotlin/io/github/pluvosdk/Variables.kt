package io.github.pluvosdk

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.math.BigDecimal
import java.time.Instant
import java.time.LocalDate
import java.util.UUID

/** A variable of a document as JSON. */
internal fun variable(value: Any?): JsonElement = when (value) {
    null -> JsonNull
    is JsonElement -> value
    is String -> JsonPrimitive(value)
    is Number -> if (value is BigDecimal) JsonPrimitive(value.toPlainString()) else JsonPrimitive(value)
    is Boolean -> JsonPrimitive(value)
    is Id, is UUID, is Instant, is LocalDate, is Enum<*>, is JsonString -> JsonPrimitive(value.toString())
    is Map<*, *> -> JsonObject(value.entries.associate { (name, inner) -> name.toString() to variable(inner) })
    is Iterable<*> -> JsonArray(value.map(::variable))
    else -> throw IllegalArgumentException("a variable is a ${value::class.simpleName}: give it as JSON")
}
