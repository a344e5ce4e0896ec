package io.github.pluvosdk.testing

import io.github.pluvosdk.AccessToken
import io.github.pluvosdk.Pluvo
import io.github.pluvosdk.Settings
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.io.File
import java.net.HttpURLConnection
import java.net.URI
import java.nio.file.Files
import java.util.concurrent.TimeUnit

/**
 * A Pluvo organisation on this machine, for tests: nothing leaves the machine, and nothing of it is real.
 *
 * ```kotlin
 * Sandbox.start(users = 100).use { sandbox ->
 *     sandbox.client().use { pluvo -> assertEquals(100, pluvo.users.list().count()) }
 * }
 * ```
 *
 * It runs the command `pluvo`, which is found by `PLUVO_COMMAND` or on the `PATH`.
 *
 * @property url Its base address, to be given as the organisation.
 * @property controlUrl Where it is told what to do wrong; see the sandbox's guide.
 */
public class Sandbox private constructor(
    private val process: Process,
    public val url: String,
    public val controlUrl: String,
    private val authority: String?,
) : AutoCloseable {
    /** A client of it that may do everything. */
    public fun client(settings: Settings = Settings()): Pluvo = Pluvo(
        organization = url,
        token = { token() },
        settings = if (settings.trust == null && settings.certificateAuthority == null) {
            settings.copy(certificateAuthority = authority)
        } else {
            settings
        },
    )

    /** The authority of its certificate, as PEM, where it speaks HTTPS. */
    public val certificateAuthority: String? get() = authority

    /** A token of it that is good for everything. */
    public fun token(): AccessToken {
        val made = control("POST", "tokens").jsonObject
        return AccessToken(made.getValue("access_token").jsonPrimitive.content)
    }

    /** Asks its control API: `control("POST", "faults", "[…]")`. */
    public fun control(method: String, path: String, body: String? = null): JsonElement {
        val connection = URI("$controlUrl$path").toURL().openConnection() as HttpURLConnection
        connection.requestMethod = method
        if (body != null) {
            connection.doOutput = true
            connection.setRequestProperty("Content-Type", "application/json")
            connection.outputStream.use { it.write(body.toByteArray()) }
        }
        val failed = connection.responseCode >= HttpURLConnection.HTTP_BAD_REQUEST
        val answer = (if (failed) connection.errorStream else connection.inputStream)?.readBytes()?.decodeToString()
        check(!failed) { "the sandbox refused $method $path: $answer" }
        return if (answer.isNullOrBlank()) JsonNull else Json.parseToJsonElement(answer)
    }

    /** Ends it. Its data is gone. */
    override fun close() {
        process.destroy()
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) process.destroyForcibly()
    }

    override fun toString(): String = "Sandbox($url)"

    public companion object {
        private const val PATIENCE = 10L

        /**
         * Starts one.
         *
         * @param users How many people it has; where nothing is said a few dozen.
         * @param options Further options of `pluvo sandbox`, such as `--seed` or `--tls`.
         * @param command The command `pluvo`.
         */
        public fun start(
            users: Int? = null,
            options: List<String> = emptyList(),
            command: String = command(),
        ): Sandbox {
            val errors = Files.createTempFile("pluvo-sandbox", ".log").toFile()
            val people = users?.let { listOf("--users", "$it") }.orEmpty()
            val arguments = listOf(command, "sandbox", "--port", "0", "--format", "json") + people + options
            val process = ProcessBuilder(arguments).redirectError(errors).start()
            process.outputStream.close()
            val line = process.inputStream.bufferedReader().readLine()
            val said = errors.readText().also { errors.delete() }
            check(line != null) { "the sandbox did not start: $said" }
            val told = Json.parseToJsonElement(line).jsonObject
            val text = { name: String -> told.getValue(name).jsonPrimitive.content }
            return Sandbox(process, text("url"), text("control_url"), told["ca_pem"]?.jsonPrimitive?.contentOrNull)
        }

        private fun command(): String = System.getenv("PLUVO_COMMAND")?.takeIf { File(it).canExecute() } ?: "pluvo"
    }
}
