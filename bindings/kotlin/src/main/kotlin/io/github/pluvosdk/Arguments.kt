package io.github.pluvosdk

import kotlinx.serialization.KSerializer
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.encodeToJsonElement
import kotlinx.serialization.serializer

/** The arguments of a call. What is not given is not sent. */
internal class Arguments {
    val given: MutableMap<String, JsonElement> = LinkedHashMap()

    inline fun <reified T> put(name: String, value: T?) {
        if (value != null) {
            given[name] = json.encodeToJsonElement(json.serializersModule.serializer<T>(), value)
        }
    }

    fun toObject(): JsonObject = JsonObject(given)
}

internal inline fun arguments(fill: Arguments.() -> Unit): JsonObject = Arguments().apply(fill).toObject()

/** A list of rows as the bridge takes it. */
internal fun <R> rowsOf(rows: Iterable<R>, row: KSerializer<R>): JsonElement =
    json.encodeToJsonElement(kotlinx.serialization.builtins.ListSerializer(row), rows.toList())
