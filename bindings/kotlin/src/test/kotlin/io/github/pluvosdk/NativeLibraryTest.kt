package io.github.pluvosdk

import com.sun.jna.Platform
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** A JVM without the native library says so in words, whatever is called first, and again at the next call. */
class NativeLibraryTest {
    @Test
    fun `a platform without a native library is an error that says what to do`() {
        for (first in listOf("client", "webhook", "log")) {
            val java = File(System.getProperty("java.home"), "bin/java").path
            val process = ProcessBuilder(
                java,
                "-Duniffi.component.internal.libraryOverride=there_is_none",
                "-cp",
                System.getProperty("java.class.path"),
                "io.github.pluvosdk.WithoutLibrary",
                first,
            ).redirectErrorStream(true).start()
            val told = process.inputStream.bufferedReader().readText().trim().lines()
            assertEquals(0, process.waitFor()) { told.joinToString("\n") }
            assertEquals(2, told.size) { told.joinToString("\n") }
            for (line in told) {
                assertTrue(line.startsWith("config: ") && Platform.RESOURCE_PREFIX in line) { line }
                assertTrue("The jar holds one for each platform" in line) { line }
            }
        }
    }
}

object WithoutLibrary {
    @JvmStatic
    fun main(arguments: Array<String>) = repeat(2) {
        try {
            when (arguments.single()) {
                "client" -> Pluvo.withToken("acme", AccessToken("t"))
                "webhook" -> Webhooks("key").verify(ByteArray(0), emptyMap())
                else -> PluvoLog.listen(LogLevel.INFO) {}
            }
            println("nothing was thrown")
        } catch (e: PluvoException.Config) {
            println("${e.code}: ${e.message}")
        }
    }
}
