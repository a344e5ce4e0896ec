package io.github.pluvosdk

import io.github.pluvosdk.model.SyncRow
import io.github.pluvosdk.model.UserRow
import io.github.pluvosdk.testing.Sandbox
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.extension
import kotlin.io.path.name
import kotlin.io.path.readText
import kotlin.streams.toList

/**
 * Every example that people read is code that is compiled: it stands in `samples`, line by line, and what can run without
 * a person runs here.
 */
class DocsTest {
    @Test
    fun `examples of pages and of the reference are compiled`() {
        val compiled = kotlin(face.resolve("samples")).map { file -> lines(file.readText()) }
        val pages = listOf(root.resolve("README.md"), root.resolve("docs/kotlin.md"))
        val shown = (pages + kotlin(face.resolve("src/main/kotlin"))).flatMap { page ->
            examples(page).map { page.name to it }
        }
        val unknown = shown.filter { (_, example) ->
            compiled.none { java.util.Collections.indexOfSubList(it, example) >= 0 }
        }
        assertTrue(shown.size > 50) { "only ${shown.size} were found" }
        assertTrue(unknown.isEmpty()) {
            unknown.joinToString("\n\n") { (page, example) ->
                "$page shows what no sample has:\n${example.joinToString("\n")}"
            }
        }
    }

    @Test
    fun `examples of the guide do what it says`() = runBlocking {
        Sandbox.start(users = 100).use { sandbox ->
            sandbox.client().use { pluvo ->
                assertEquals(100, guide.lists(pluvo))
                val positions = mutableListOf<String?>()
                guide.pages(pluvo, positions::add)
                assertEquals(2, positions.size)
                assertTrue(guide.one(pluvo))
                val (contacts, answer) = guide.ownTypes(pluvo)
                assertEquals(101, contacts.size)
                assertTrue(answer.user in contacts)
                val rows = listOf(UserRow(ref = "R-1", email = "r1@example.com", name = "R"), UserRow(ref = "R-2"))
                assertEquals(1, guide.many(pluvo, rows))
                assertTrue(guide.sync(pluvo, listOf(SyncRow(ref = "S-1", email = "s1@example.com", name = "S"))))
                assertEquals("done", guide.rename(pluvo, "R-1", "Renamed"))
                assertFalse(guide.rename(pluvo, "nobody", "Renamed") == "done")
            }
        }
        guide.sandboxed()
        guide.sandbox { expected, seen -> assertEquals(expected, seen) }
    }

    @Test
    fun `a receiver handles a delivery once`() {
        val body = """{"id":"u-1","event":"USER_CREATED","sentDate":"2024-09-01T10:15:00.000Z","name":"Zoë"}"""
        val handled = mutableListOf<String>()
        val receiver = guide.Receiver(mutableSetOf()) { handled += it.event }
        val key = System.getenv("PLUVO_WEBHOOK_KEY") ?: "key"
        repeat(2) { receiver.receive(body.toByteArray(), Webhooks.signForTest(body.toByteArray(), key)) }
        assertEquals(listOf("USER_CREATED"), handled)
    }

    private companion object {
        val root: Path = Path.of(System.getProperty("pluvo.conformance")).resolve("../..").normalize()
        val face: Path = root.resolve("bindings/kotlin")

        fun kotlin(folder: Path): List<Path> =
            Files.walk(folder).use { all -> all.filter { it.extension == "kt" }.sorted().toList() }

        /** Without indents and empty lines. */
        fun lines(code: String): List<String> = code.lines().map { it.trim() }.filter { it.isNotEmpty() }

        /** The Kotlin of a page or of documentation comments, in the pieces between its empty lines. */
        fun examples(page: Path): List<List<String>> {
            val text = page.readText().lines().joinToString("\n") { it.trim().removePrefix("*").removePrefix(" ") }
            return Regex("^```kotlin\n(.*?)^```", setOf(RegexOption.MULTILINE, RegexOption.DOT_MATCHES_ALL))
                .findAll(if (page.extension == "md") page.readText() else text)
                .flatMap { it.groupValues[1].split(Regex("\n\\s*\n")) }
                .map(::lines)
                .toList()
        }
    }
}
