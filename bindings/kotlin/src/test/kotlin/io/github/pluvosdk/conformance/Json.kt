package io.github.pluvosdk.conformance

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** Scenarios are read as they stand: a word of one that the runner does not know is a failure of its own. */
fun JsonObject.text(name: String): String? = (this[name] as? JsonPrimitive)?.contentOrNull

fun JsonObject.int(name: String): Int? = (this[name] as? JsonPrimitive)?.int

fun JsonObject.flag(name: String): Boolean? = (this[name] as? JsonPrimitive)?.boolean

fun JsonObject.inner(name: String): JsonObject = this[name]?.jsonObject ?: JsonObject(emptyMap())

fun JsonObject.list(name: String): List<JsonElement> = (this[name] as? JsonArray).orEmpty()

fun JsonObject.texts(name: String): List<String> = list(name).map { it.jsonPrimitive.content }

/** A length of time in milliseconds: `150ms`, `2s`, `5m`, `24h`. */
fun milliseconds(span: String): Long {
    val (number, unit) = requireNotNull(Regex("(-?\\d+)(ms|s|m|h)").matchEntire(span)) { "no span: $span" }.destructured
    val factor = mapOf("ms" to 1L, "s" to 1_000L, "m" to 60_000L, "h" to 3_600_000L).getValue(unit)
    return number.toLong() * factor
}

/** A number, or the least and the most. */
fun holds(range: JsonElement, number: Int): Boolean = when (range) {
    is JsonArray -> number in range[0].jsonPrimitive.int..range[1].jsonPrimitive.int
    else -> number == range.jsonPrimitive.int
}

/** `group_ids` as `groupIds`. */
fun camel(name: String): String = Regex("_([a-z])").replace(name) { it.groupValues[1].uppercase() }

/** The same of the names of all fields, but for those that are the organisation's own. */
fun camelled(value: JsonElement): JsonElement = when (value) {
    is JsonObject ->
        JsonObject(value.entries.associate { (name, of) -> camel(name) to if (name in OWN) of else camelled(of) })

    is JsonArray -> JsonArray(value.map(::camelled))

    else -> value
}

private val OWN = setOf("values", "values_by_id", "variables")

/** Whether two values are the same; 1 and 1.0 are. */
fun same(a: JsonElement, b: JsonElement): Boolean = when {
    a is JsonPrimitive && b is JsonPrimitive && a !is JsonNull && b !is JsonNull && !a.isString && !b.isString ->
        a.content == b.content || a.content.toDoubleOrNull()?.equals(b.content.toDoubleOrNull()) == true

    a is JsonArray && b is JsonArray -> a.size == b.size && a.zip(b).all { (x, y) -> same(x, y) }

    a is JsonObject && b is JsonObject -> a.keys == b.keys && a.keys.all { same(a.getValue(it), b.getValue(it)) }

    else -> a == b
}
