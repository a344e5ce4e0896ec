package io.github.pluvosdk.conformance

import io.github.pluvosdk.testing.Sandbox
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.net.ServerSocket
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.security.SecureRandom
import java.security.cert.X509Certificate
import java.time.Instant
import java.time.ZoneOffset
import java.time.format.DateTimeFormatter
import java.util.Locale
import javax.net.ssl.SSLContext
import javax.net.ssl.X509TrustManager

/** A scenario with everything round it in place: sandbox, plain readings, placeholders, settings, faults. */
class Stage(
    draft: JsonObject,
    private val truth: JsonObject,
    private val trap: Sandbox,
    private val today: () -> Long,
) : AutoCloseable {
    val sandbox: Sandbox = start(draft.inner("sandbox"))
    private val readings = mutableMapOf<String, List<JsonObject>>()
    private val settings: JsonElement

    /** With its placeholders filled in. */
    val scenario: JsonObject = filled(draft).jsonObject

    init {
        trap.control("DELETE", "log")
        val all = "rows" in scenario.inner("expect")
        for (step in scenario.list("steps").map { it.jsonObject }) {
            val call = step.text("call") ?: continue
            if ("rows" in step.inner("expect") || (all && isList(call))) read(call, step.inner("args"))
        }
        settings = sandbox.control("GET", "settings")
        val setup = scenario.inner("sandbox")
        setup["settings"]?.let { sandbox.control("POST", "settings", it.toString()) }
        if (setup.flag("held") == true) sandbox.control("POST", "clock", """{"hold": true}""")
        sandbox.control("POST", "faults", JsonArray(setup.list("faults")).toString())
        sandbox.control("DELETE", "log")
    }

    fun isList(call: String): Boolean = call in truth

    fun log(): List<JsonObject> = sandbox.control("GET", "log").jsonArray.map { it.jsonObject }

    fun faults(): List<JsonObject> = sandbox.control("GET", "faults").jsonObject.list("faults").map { it.jsonObject }

    /** How many requests came to the sandbox that nobody may call. */
    fun trapped(): Int = trap.control("GET", "log").jsonArray.size

    fun token(): String =
        sandbox.control("POST", "tokens", "{}").jsonObject.getValue("access_token").jsonPrimitive.content

    fun advance(milliseconds: Long) {
        sandbox.control("POST", "clock", """{"advance": "${milliseconds}ms"}""")
    }

    /** The rows that a plain reading found at the start. */
    fun rows(call: String, arguments: JsonObject): List<JsonObject> = readings.getValue(key(call, arguments))

    /** The rows that are there now, with everything that was broken made whole. The log is lost by it. */
    fun rowsNow(call: String, arguments: JsonObject): List<JsonObject> {
        sandbox.control("DELETE", "faults")
        sandbox.control("POST", "clock", """{"hold": false}""")
        sandbox.control("POST", "settings", settings.toString())
        return reading(call, arguments)
    }

    override fun close(): Unit = sandbox.close()

    private fun start(setup: JsonObject): Sandbox {
        val options = listOf("groups", "trainings", "seed").flatMap { name ->
            setup.int(name)?.let { listOf("--$name", "$it") }.orEmpty()
        }
        val tls = setup.text("tls")?.let { listOf("--tls", it.replace('_', '-')) }.orEmpty()
        return Sandbox.start(users = setup.int("users"), options = options + tls)
    }

    private fun read(call: String, arguments: JsonObject): List<JsonObject> =
        readings.getOrPut(key(call, arguments)) { reading(call, arguments) }

    private fun key(call: String, arguments: JsonObject) = "$call ${arguments["id"]} ${arguments["ref"]}"

    /** All rows of a list as a plain client reads them: with the document of `truth.json`, page after page. */
    private fun reading(call: String, arguments: JsonObject): List<JsonObject> {
        val how = requireNotNull(truth[call]) { "truth.json has nothing for $call" }.jsonObject
        val token = token()
        val rows = mutableListOf<JsonObject>()
        var after: JsonElement = JsonNull
        while (true) {
            val variables = arguments.filterKeys { it == "id" || it == "ref" } + ("after" to after)
            val body = JsonObject(mapOf("query" to how.getValue("query"), "variables" to JsonObject(variables)))
            val request =
                HttpRequest.newBuilder(URI("${sandbox.url}/graphql/"))
                    .header("Authorization", "Bearer $token")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            val answer = Json.parseToJsonElement(
                http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body(),
            )
            val list = how.texts("path").fold(answer.jsonObject.inner("data")) { at, field -> at.inner(field) }
            rows += list.getValue("edges").jsonArray.map { it.jsonObject.inner("node") }
            val info = list.inner("pageInfo")
            if (info.flag("hasNextPage") != true) return rows
            after = info.getValue("endCursor")
        }
    }

    private fun filled(value: JsonElement): JsonElement = when (value) {
        is JsonObject -> JsonObject(value.mapValues { filled(it.value) })
        is JsonArray -> JsonArray(value.map(::filled))
        is JsonPrimitive -> if (value.isString) JsonPrimitive(filled(value.content)) else value
    }

    private fun filled(text: String): String = Regex("\\$\\{([^}]*)}").replace(text) { placeholder(it.groupValues[1]) }

    private fun placeholder(name: String): String {
        if (name.startsWith("date ")) {
            val date = Instant.ofEpochMilli(today() + milliseconds(name.removePrefix("date ").removePrefix("+")))
            return DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                .withZone(ZoneOffset.UTC).format(date)
        }
        val parts = name.split('/')
        return when {
            name == "sandbox" -> sandbox.url

            name == "trap" -> trap.url

            name == "nobody" -> "http://127.0.0.1:${ServerSocket(0).use { it.localPort }}"

            parts.size == PLACE -> {
                val rows = read(parts[0], JsonObject(emptyMap()))
                requireNotNull(rows[parts[1].toInt()].text(parts[2])) { "no text at $name" }
            }

            else -> error("no such placeholder: $name")
        }
    }

    private companion object {
        const val PLACE = 3

        /** Plain readings take any certificate: what is wrong with it is the client's affair. */
        val http: HttpClient =
            run {
                System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true")
                val anybody =
                    object : X509TrustManager {
                        override fun checkClientTrusted(chain: Array<X509Certificate>, type: String) = Unit

                        override fun checkServerTrusted(chain: Array<X509Certificate>, type: String) = Unit

                        override fun getAcceptedIssuers(): Array<X509Certificate> = emptyArray()
                    }
                val tls = SSLContext.getInstance("TLS").apply { init(null, arrayOf(anybody), SecureRandom()) }
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls).build()
            }
    }
}
