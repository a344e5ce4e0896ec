package io.github.pluvosdk.conformance

import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** What is to be true at the end: requests, faults, waits, secrets. */
object Account {
    private val paths = mapOf("graphql" to "/graphql/", "token" to "/oauth/token/")

    /** The requests of a kind. */
    fun of(log: List<JsonObject>, on: String): List<JsonObject> = log.filter { it.text("path") == paths.getValue(on) }

    /** What differs in the requests. */
    fun requests(expected: JsonObject, log: List<JsonObject>): List<String> {
        val wrong = mutableListOf<String>()

        fun number(what: String, range: JsonElement?, seen: Int) {
            if (range != null && !holds(range, seen)) wrong += "$what: $range expected, $seen seen"
        }
        val kinds = mapOf("token" to of(log, "token"), "graphql" to of(log, "graphql"))
        number("requests for tokens", expected["tokens"], kinds.getValue("token").size)
        number("GraphQL requests", expected["graphql"], kinds.getValue("graphql").size)
        number("connections", expected["connections"], log.map { it["connection"] }.toSet().size)
        number("in flight", expected["in_flight"], log.maxOfOrNull { it.int("in_flight") ?: 0 } ?: 0)
        number("requests elsewhere", JsonPrimitive(0), log.size - kinds.values.sumOf { it.size })
        for (request in expected.list("requests").map { it.jsonObject }) {
            val on = request.text("on") ?: "graphql"
            val nth = request.int("nth")
            val chosen = kinds.getValue(on).withIndex().filter { nth == null || it.index == nth - 1 }
            if (chosen.isEmpty()) wrong += "there was no request $nth to look at"
            for ((at, entry) in chosen) wrong += one(request, entry).map { "$on request ${at + 1}: $it" }
        }
        return wrong
    }

    private fun one(expected: JsonObject, seen: JsonObject): List<String> {
        val wrong = mutableListOf<String>()

        fun unless(holds: Boolean, what: String) {
            if (!holds) wrong += what
        }
        for (name in listOf("operation", "version")) {
            val wanted = expected.text(name)
            unless(wanted == null || wanted == seen.text(name), "$name $wanted expected, ${seen.text(name)} seen")
        }
        val variables = seen["variables"] as? JsonObject ?: JsonObject(emptyMap())
        Check.lacks(expected.inner("variables"), variables, "variables")?.let { wrong += it }
        for (name in expected.texts("without")) {
            unless((variables[name] ?: JsonNull) == JsonNull, "the variable $name was sent")
        }
        val query = seen.text("query").orEmpty()
        for (text in expected.texts("query_says")) unless(text in query, "the document lacks \"$text\": $query")
        for (text in expected.texts("query_never")) unless(text !in query, "the document has \"$text\": $query")
        for ((name, wanted) in expected.inner("headers")) {
            val (text, had) = wanted.jsonPrimitive.contentOrNull to seen.inner("headers").text(name)
            val holds = if (text == null) had == null else had?.contains(text) == true
            unless(holds, "header $name: $text expected, $had seen")
        }
        for ((name, wanted) in expected.inner("form")) {
            val (text, had) = wanted.jsonPrimitive.contentOrNull to (seen["form"] as? JsonObject)?.text(name)
            unless(text == had, "form field $name: $text expected, $had seen")
        }
        return wrong
    }

    /** Faults that were not hit although planned, or hit although they were not to be. */
    fun faults(expected: JsonObject, planned: List<JsonObject>): List<String> {
        val unhit = expected.texts("unhit")
        val names = planned.map { it.inner("fault").text("name") }
        val wrong =
            planned.zip(names).filter { (fault, name) ->
                (name in unhit) ==
                    (fault.getValue("hits").jsonPrimitive.int > 0)
            }
        return wrong.map { (fault, name) -> "the fault $name ${fault.inner("fault")["do"]}: ${fault["hits"]} hits" } +
            unhit.filter { it !in names }.map { "there is no fault $it" }
    }

    /** What differs in the waits, which are seconds. */
    fun waits(expected: JsonObject, seen: List<Double>): List<String> {
        val sum = seen.sum() * MILLISECONDS
        val (least, most) = listOf("least", "most").map { name -> expected.text(name)?.let(::milliseconds) }
        return listOfNotNull(
            "waited $sum ms, at least $least expected".takeIf { least != null && sum < least - TOLERANCE },
            "waited $sum ms, at most $most expected".takeIf { most != null && sum > most + TOLERANCE },
            "waited ${seen.size} times".takeIf { expected["times"]?.let { holds(it, seen.size) } == false },
        )
    }

    /** Secrets that stand in a text. */
    fun leaks(secrets: List<String>, text: String, what: String): List<String> =
        secrets.filter { it in text }.map { secret ->
            "\"$secret\" stands in $what, after: ${text.substringBefore(secret).takeLast(CONTEXT)}"
        }

    private const val MILLISECONDS = 1_000

    /** What seconds in floating point lose. */
    private const val TOLERANCE = 0.1
    private const val CONTEXT = 120
}
