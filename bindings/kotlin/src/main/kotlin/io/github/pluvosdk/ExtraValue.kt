package io.github.pluvosdk

import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import java.time.Instant

/** A value of an extra category. */
@Serializable
@JvmInline
public value class ExtraValue private constructor(private val element: JsonElement) {
    override fun toString(): String = element.toString()

    public companion object {
        /** Text that is set as what its category holds, which is read first: text, a number, a date or an option. */
        public fun of(value: String): ExtraValue = ExtraValue(JsonPrimitive(value))

        /** Yes or no. */
        public fun of(value: Boolean): ExtraValue = ExtraValue(JsonPrimitive(value))

        /** Options, also where only one can be chosen. */
        public fun of(options: List<String>): ExtraValue = ExtraValue(JsonArray(options.map(::JsonPrimitive)))

        /** Text of a text category, without looking the category up. */
        public fun text(value: String): ExtraValue = kind("text", JsonPrimitive(value))

        /** A moment of a date category, without looking the category up. */
        public fun moment(value: Instant): ExtraValue = kind("moment", JsonPrimitive(value.toString()))

        private fun kind(name: String, value: JsonElement) = ExtraValue(JsonObject(mapOf(name to value)))
    }
}
