package io.github.pluvosdk

import io.github.pluvosdk.conformance.Calls
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import java.nio.file.Files
import java.nio.file.Path
import kotlin.reflect.KVisibility
import kotlin.reflect.full.memberFunctions
import kotlin.reflect.full.memberProperties

/** The surface file says which calls there are: these, and no others. */
class SurfaceTest {
    private val client = Pluvo(organization = "acme", token = { error("nothing is sent here") })

    @Test
    fun `every operation of the surface file is there and no other`() {
        val path = Path.of(System.getProperty("pluvo.conformance")).resolve("surface.json")
        val surface = Json.parseToJsonElement(Files.readString(path)).jsonObject
        val promised = surface.values.mapNotNull { it.jsonObject.getValue("kotlin").jsonPrimitive.contentOrNull }
        promised.filter { it != "query" }.forEach { Calls.find(client, it) }

        val resources = Pluvo::class.memberProperties.filter { it.visibility == KVisibility.PUBLIC }
        val there =
            resources.flatMap { resource ->
                val methods = checkNotNull(resource.get(client))::class.memberFunctions
                methods.filter {
                    it.visibility == KVisibility.PUBLIC && it.name !in ANY
                }.map { "${resource.name}.${it.name}" }
            }
        val of = Pluvo::class.memberFunctions.map { it.name }.filter { it in setOf("query", "check") }
        assertEquals(promised.toSortedSet(), (there + of).toSortedSet())
    }

    @Test
    fun `every code of an error has a class of at most twelve`() {
        val classes = PluvoException.CLASSES.mapValues { (code, make) ->
            make(PluvoException.Details(code, "because"))::class
        }
        assertEquals(PluvoException::class.sealedSubclasses.toSet(), classes.values.toSet())
        assertEquals(12, classes.values.toSet().size)
    }

    private companion object {
        val ANY = setOf("equals", "hashCode", "toString")
    }
}
