package io.github.pluvosdk.conformance

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.double
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** Holds what came of a call against what was expected of it. */
object Check {
    /** What differs, but for which rows came. */
    fun outcome(expected: JsonObject, seen: Seen): List<String> {
        val wrong = mutableListOf<String>()

        fun equal(what: String, wanted: Any?, had: Any?) {
            if (wanted != had) wrong += "$what: $wanted expected, $had seen"
        }
        expected.int("count")?.let { equal("rows", it, seen.rows.size) }
        if ("pages" in expected && seen.pages != null) {
            equal("pages", expected.list("pages").map { it.jsonPrimitive.int }, seen.pages)
        }
        if (seen.told != null) expected.int("told")?.let { equal("count told", it.toLong(), seen.told) }
        if (expected.flag("absent") == true) equal("value", JsonNull, seen.value ?: JsonNull)
        if (expected.flag("unique") != false) {
            val ids = seen.rows.mapNotNull(::id)
            equal("distinct rows", ids.size, ids.toSet().size)
        }
        for ((number, row) in seen.rows.withIndex()) {
            expected["each"]?.let { each -> lacks(each, row, "row $number")?.let { wrong += it } }
            expected.texts("without")
                .filter { (row[it] ?: JsonNull) != JsonNull }
                .forEach { wrong += "row $number has a value for $it" }
        }
        for ((number, wanted) in expected.inner("row")) {
            lacks(wanted, seen.rows.getOrNull(number.toInt()) ?: JsonNull, "row $number")?.let { wrong += it }
        }
        expected["value"]?.let { value -> lacks(value, seen.value ?: JsonNull, "value")?.let { wrong += it } }
        return wrong + error(expected["error"]?.jsonObject, seen.error)
    }

    private fun error(expected: JsonObject?, seen: Failed?): List<String> {
        if (expected == null) return listOfNotNull(seen?.let { "no error expected, seen: ${it.code}: ${it.text}" })
        if (seen == null) return listOf("an error ${expected["code"]} expected, none seen")
        val wrong = mutableListOf<String>()

        fun <T> equal(what: String, wanted: T?, had: T?) {
            if (wanted != null && wanted != had) wrong += "error's $what: $wanted expected, $had seen (${seen.text})"
        }
        equal("code", expected.text("code"), seen.code)
        equal("status", expected.int("status"), seen.status)
        equal("attempts", expected.int("attempts"), seen.attempts)
        equal("retryable", expected.flag("retryable"), seen.retryable)
        equal("GraphQL errors", expected.int("graphql"), seen.graphql)
        val after = expected["retry_after"]?.jsonPrimitive?.double
        equal("retry_after", after?.let { "%.3f".format(it) }, seen.retryAfter?.let { "%.3f".format(it) })
        for (says in expected.texts("says")) {
            if (!seen.text.contains(says, ignoreCase = true)) wrong += "the error does not say \"$says\": ${seen.text}"
        }
        for (never in expected.texts("never")) {
            if (seen.text.contains(never, ignoreCase = true)) wrong += "the error says \"$never\": ${seen.text}"
        }
        return wrong
    }

    /** Whether these are the rows that were expected; [after] is a plain reading at the end, only for `kept`. */
    fun rows(
        expected: JsonElement,
        seen: List<JsonObject>,
        before: List<JsonObject>,
        after: List<JsonObject> = emptyList(),
    ): List<String> {
        if (expected is JsonPrimitive && expected.content == "kept") {
            val lost = before.map(::id).intersect(after.map(::id).toSet()) - seen.map(::id).toSet()
            return if (lost.isEmpty()) emptyList() else listOf("${lost.size} rows were lost: $lost")
        }
        if (expected is JsonPrimitive) {
            check(expected.content == "all") { "no such rows: $expected" }
            return equal(before, seen)
        }
        val part = expected.jsonObject
        val where = part.inner("where")
        var rows = before.filter { row -> where.all { (name, value) -> same(row[name] ?: JsonNull, value) } }
        if (part.flag("reversed") == true) rows = rows.reversed()
        return equal(rows.drop(part.int("skip") ?: 0).take(part.int("first") ?: Int.MAX_VALUE), seen)
    }

    /** The same rows in the same order, each with the same values in the fields that both have. */
    private fun equal(expected: List<JsonObject>, seen: List<JsonObject>): List<String> {
        if (expected.size != seen.size) return listOf("${expected.size} rows expected, ${seen.size} seen")
        for ((number, pair) in expected.zip(seen).withIndex()) {
            differs(pair.first, pair.second)?.let { return listOf("row $number: $it") }
        }
        return emptyList()
    }

    private fun differs(expected: JsonObject, seen: JsonObject): String? {
        if (id(expected) != id(seen)) return "id ${id(expected)} expected, ${id(seen)} seen"
        for ((name, value) in expected) {
            val had = seen[name] ?: continue
            val isSame = if (value is JsonObject) lacks(value, had, name) == null else same(value, had)
            if (!isSame) return "$name: $value expected, $had seen"
        }
        return null
    }

    /** What a row is told apart by: its id, or its person's. */
    private fun id(row: JsonObject): String? =
        ((row["id"] ?: (row["user"] as? JsonObject)?.get("id")) as? JsonPrimitive)?.contentOrNull

    /** What an expected value has and the seen one has not. Objects may have more fields than expected. */
    fun lacks(expected: JsonElement, seen: JsonElement, at: String): String? = when {
        expected is JsonObject && seen is JsonObject ->
            expected.firstNotNullOfOrNull { (name, value) -> lacks(value, seen[name] ?: JsonNull, "$at.$name") }

        expected is JsonArray && seen is JsonArray && expected.size == seen.size ->
            expected.indices.firstNotNullOfOrNull { lacks(expected[it], seen[it], "$at.$it") }

        same(expected, seen) -> null

        else -> "$at: $expected expected, $seen seen"
    }
}
