package io.github.pluvosdk

import kotlinx.serialization.KSerializer
import kotlinx.serialization.serializer

/**
 * Fields of one's own choice, and the type that they are read into.
 *
 * @property fields A GraphQL selection without its outer braces: `id name participantGroups { ref }`.
 * @property serializer Reads a row.
 */
public class Selection<T : Any>(public val fields: String, public val serializer: KSerializer<T>) {
    override fun toString(): String = "Selection($fields)"
}

/**
 * Selects other fields than the default ones, to be read into a `@Serializable` type.
 *
 * ```kotlin
 * @Serializable
 * data class Contact(val name: String, val email: String?)
 *
 * pluvo.users.list(select = select<Contact>("name email")).collect { println(it.email) }
 * ```
 */
public inline fun <reified T : Any> select(fields: String): Selection<T> = Selection(fields, serializer<T>())
