package io.github.pluvosdk.conformance

import io.github.pluvosdk.Content
import io.github.pluvosdk.Pluvo
import io.github.pluvosdk.Selection
import io.github.pluvosdk.json
import kotlinx.coroutines.flow.Flow
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.serializer
import java.lang.reflect.InvocationTargetException
import kotlin.reflect.KFunction
import kotlin.reflect.KParameter
import kotlin.reflect.KProperty1
import kotlin.reflect.KType
import kotlin.reflect.KVisibility
import kotlin.reflect.full.callSuspendBy
import kotlin.reflect.full.createType
import kotlin.reflect.full.instanceParameter
import kotlin.reflect.full.memberFunctions
import kotlin.reflect.full.memberProperties
import kotlin.reflect.full.valueParameters

/** Finds methods of the client by their names, as a program would call them. */
object Calls {
    /** What a method gave, and as what. */
    class Returned(val value: Any?, private val type: KType, private val selects: Boolean) {
        fun json(): JsonElement = when {
            value == null || value is Unit -> JsonNull
            value is JsonElement -> value
            else -> json.encodeToJsonElement(json.serializersModule.serializer(type), value)
        }

        /** A row of a list. */
        fun row(row: Any?): JsonElement {
            if (selects) return row as JsonElement
            val of = checkNotNull(type.arguments.single().type)
            return json.encodeToJsonElement(json.serializersModule.serializer(of), row)
        }
    }

    /** The receiver and the methods of a call: several where one takes other arguments. */
    fun find(client: Pluvo, call: String): Pair<Any, List<KFunction<*>>> {
        val parts = call.split('.').map(::camel)
        val receiver: Any =
            if (parts.size == 1) {
                client
            } else {
                @Suppress("UNCHECKED_CAST")
                val property = Pluvo::class.memberProperties.find { it.name == parts[0] } as KProperty1<Pluvo, Any>?
                checkNotNull(property) { "the client has no ${parts[0]}" }.get(client)
            }
        val methods = receiver::class.memberFunctions.filter {
            it.name == parts.last() && it.visibility == KVisibility.PUBLIC
        }
        check(methods.isNotEmpty()) { "there is no call $call" }
        return receiver to methods
    }

    suspend fun make(client: Pluvo, call: String, arguments: JsonObject, select: String?): Returned {
        val (receiver, methods) = find(client, call)
        val method =
            methods.single { method ->
                val parameters = method.valueParameters
                parameters.any { it.name == "select" } == (select != null) &&
                    parameters.none { it.type.classifier == Flow::class }
            }
        val given = mutableMapOf<KParameter, Any?>(checkNotNull(method.instanceParameter) to receiver)
        for (parameter in method.valueParameters) {
            if (parameter.name == "select") {
                given[parameter] = Selection(checkNotNull(select), JsonElement.serializer())
            } else {
                arguments[parameter.name]?.let { given[parameter] = value(parameter.type, it) }
            }
        }
        val unknown = arguments.keys - method.valueParameters.map { it.name }.toSet()
        check(unknown.isEmpty()) { "$call has no arguments $unknown" }
        try {
            return Returned(method.callSuspendBy(given), method.returnType, select != null)
        } catch (e: InvocationTargetException) {
            throw e.targetException
        }
    }

    /** A value of the type that a parameter has. Sorting is given by direction alone. */
    private fun value(type: KType, value: JsonElement): Any? {
        if (type.classifier == Content::class) return Content.of(value.jsonPrimitive.content.toByteArray())
        val isRows = type.classifier == Iterable::class
        val read = if (isRows) List::class.createType(type.arguments) else type
        val given =
            if (type.toString().contains("SortByInput")) JsonObject(mapOf("direction" to value)) else value
        return json.decodeFromJsonElement(json.serializersModule.serializer(read), given)
    }
}
