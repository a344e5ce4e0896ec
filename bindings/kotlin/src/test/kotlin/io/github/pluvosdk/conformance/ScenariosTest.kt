package io.github.pluvosdk.conformance

import io.github.pluvosdk.testing.Sandbox
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import java.nio.file.Files
import java.nio.file.Path
import kotlin.streams.toList

/** The promises that every language keeps, run against the sandbox with the public API. */
class ScenariosTest {
    @TestFactory
    fun scenarios(): List<DynamicTest> {
        val folder = root.resolve("scenarios")
        val files = Files.walk(folder).use { all -> all.filter { it.toString().endsWith(".json") }.sorted().toList() }
        assertTrue(files.isNotEmpty(), "there are no scenarios in $folder")
        return files.map { file ->
            val name = folder.relativize(file).toString().removeSuffix(".json")
            dynamicTest(name) { scenario(read(file)) }
        }
    }

    private fun scenario(scenario: JsonObject) {
        val reason = scenario.inner("except").text("kotlin")
        assumeTrue(reason == null) { "not in Kotlin: $reason" }
        val wrong = runBlocking { run(scenario, truth, trap.value) }
        assertTrue(wrong.isEmpty()) { "${scenario.text("title")}\n${wrong.joinToString("\n")}" }
    }

    companion object {
        private val root = Path.of(System.getProperty("pluvo.conformance"))
        private val truth = read(root.resolve("truth.json"))
        private val trap = lazy { Sandbox.start() }

        private fun read(path: Path): JsonObject = Json.parseToJsonElement(Files.readString(path)).jsonObject

        @JvmStatic
        @AfterAll
        fun stop() {
            if (trap.isInitialized()) trap.value.close()
        }
    }
}
