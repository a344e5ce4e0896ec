package io.github.pluvosdk

import kotlinx.serialization.KSerializer
import kotlinx.serialization.builtins.ListSerializer
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.serializer
import java.math.BigDecimal
import java.time.Instant
import java.time.LocalDate

/** The arguments of a call. What is not given is not sent. */
internal class Arguments {
    val given: MutableMap<String, JsonElement> = LinkedHashMap()

    inline fun <reified T> put(name: String, value: T?): Unit = put(name, value, serializer<T>())

    fun put(name: String, value: Instant?): Unit = put(name, value, MomentArgument)

    fun put(name: String, value: LocalDate?): Unit = put(name, value, DateArgument)

    fun put(name: String, value: BigDecimal?): Unit = put(name, value, DecimalArgument)

    fun <T> put(name: String, value: T?, serializer: KSerializer<T>) {
        if (value != null) given[name] = json.encodeToJsonElement(serializer, value)
    }

    fun toObject(): JsonObject = JsonObject(given)
}

internal inline fun arguments(fill: Arguments.() -> Unit): JsonObject = Arguments().apply(fill).toObject()

/** A list of rows as the bridge takes it. */
internal fun <R> rowsOf(rows: Iterable<R>, row: KSerializer<R>): JsonElement =
    json.encodeToJsonElement(ListSerializer(row), rows.toList())
