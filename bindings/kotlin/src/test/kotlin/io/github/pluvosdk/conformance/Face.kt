package io.github.pluvosdk.conformance

import io.github.pluvosdk.AccessToken
import io.github.pluvosdk.Paged
import io.github.pluvosdk.Partial
import io.github.pluvosdk.Pluvo
import io.github.pluvosdk.PluvoException
import io.github.pluvosdk.Report
import io.github.pluvosdk.Settings
import io.github.pluvosdk.SyncPlan
import io.github.pluvosdk.TokenProvider
import io.github.pluvosdk.Webhooks
import io.github.pluvosdk.internal.TestClock
import io.github.pluvosdk.json
import io.github.pluvosdk.model.ApplyOptions
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.take
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.decodeFromJsonElement
import kotlinx.serialization.json.encodeToJsonElement
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration.Companion.ZERO
import kotlin.time.DurationUnit

/** What came of a call. */
class Seen {
    val rows = mutableListOf<JsonObject>()
    var pages: List<Int>? = null
    var told: Long? = null
    var value: JsonElement? = null
    var error: Failed? = null
    var position: String? = null
}

/** An error, as every face can tell it. */
class Failed(
    val code: String,
    val text: String,
    val status: Int?,
    val retryAfter: Double?,
    val attempts: Int,
    val retryable: Boolean,
    val graphql: Int,
)

/** The library as scenarios call it: by its public API, and a clock that is held. */
internal class Face(private val stage: Stage, private val clock: TestClock) : AutoCloseable {
    private val given = stage.scenario.inner("client")
    private val clients = ConcurrentHashMap<String, Pluvo>()
    private val told = ConcurrentLinkedQueue<String>()
    private val folder: Path by lazy { Files.createTempDirectory("pluvo-scenario") }
    private val store: Path? = (given["store"] as? JsonObject)?.let(::storeWith)

    suspend fun call(step: JsonObject, after: String?): Seen {
        val seen = Seen()
        try {
            if (step.text("call") == "webhooks.verify") {
                seen.value = verified(step.inner("args"))
                return seen
            }
            val client = clients.computeIfAbsent(step.text("client") ?: "first") { client() }
            made(client, step, after, seen)
        } catch (e: PluvoException) {
            seen.error = failed(e)
        }
        return seen
    }

    fun advance(client: String?, calendar: String?) {
        client?.let { clock.advance(milliseconds(it).toULong()) }
        calendar?.let { clock.shiftWall(milliseconds(it)) }
    }

    fun waits(): List<Double> = clock.waits()

    /** Everything that the clients gave off. */
    fun told(): String = (told + clients.values.map { it.toString() }).joinToString("\n")

    fun storeMode(): String? = store?.let { path ->
        val mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
        mode.chunked(BITS) { bits ->
            bits.fold(0) { sum, bit ->
                sum * 2 + (
                    if (bit ==
                        '-'
                    ) {
                        0
                    } else {
                        1
                    }
                    )
            }
        }.joinToString("")
    }

    override fun close() {
        clients.values.forEach { it.close() }
        folder.toFile().deleteRecursively()
    }

    private fun storeWith(store: JsonObject): Path {
        val path = folder.resolve("token.json")
        store.text("holds")?.let { text ->
            // As the SDK would have left it, or its mode alone would be reason enough not to read it.
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
            Files.writeString(path, text)
        }
        return path
    }

    private fun client(): Pluvo {
        val auth = given.inner("auth")
        val more = mutableMapOf<String, JsonElement>()
        more["organization"] = JsonPrimitive(given.text("organization") ?: stage.sandbox.url)
        given["scopes"]?.let { more["scopes"] = it }
        var provider: TokenProvider? = null
        when (auth.text("kind") ?: "credentials") {
            "credentials" -> {
                more["clientId"] = JsonPrimitive(auth.text("id") ?: "sandbox")
                more["clientSecret"] = JsonPrimitive(auth.text("secret") ?: "sandbox-secret")
            }

            "token" -> more["token"] = JsonPrimitive(auth.text("value") ?: stage.token())

            else -> provider = provider(auth.text("does"))
        }
        val core = Pluvo.open(settings(), { told += it.toString() }, provider, clock) { putAll(more) }
        return Pluvo.of(core)
    }

    private fun provider(does: String?) = TokenProvider {
        when (does) {
            "fresh" -> AccessToken(stage.token())
            "fails" -> error("the vault is shut")
            "hangs" -> awaitCancellation()
            "empty" -> AccessToken("")
            "expired" -> AccessToken("once-good", expiresIn = ZERO)
            else -> error("there is no provider that $does")
        }
    }

    private fun settings(): Settings {
        val taken = setOf("organization", "auth", "scopes", "store", "trust")
        val own = seconds(JsonObject(given.filterKeys { it !in taken })).jsonObject
        return json.decodeFromJsonElement<Settings>(camelled(own)).copy(
            certificateAuthority = stage.sandbox.certificateAuthority.takeIf { given.flag("trust") == true },
            tokenStore = store?.toString(),
        )
    }

    /** Lengths of time as numbers of seconds. */
    private fun seconds(value: JsonElement): JsonElement = when {
        value is JsonObject -> JsonObject(value.mapValues { seconds(it.value) })

        value is JsonPrimitive && value.isString && Regex("-?\\d+(ms|s|m|h)").matches(value.content) ->
            JsonPrimitive(milliseconds(value.content) / MILLISECONDS)

        else -> value
    }

    private suspend fun made(client: Pluvo, step: JsonObject, after: String?, seen: Seen) {
        val (call, how) = checkNotNull(step.text("call")) to step.inner("how")
        val args = step.inner("args")
        when (call) {
            "query" -> seen.value = query(client, args, how)

            "users.sync" -> seen.value = sync(client, args)

            else -> {
                val returned = Calls.make(client, call, camelled(args).jsonObject, how.text("select"))
                when (val value = returned.value) {
                    is Paged<*> -> read(value, how, after, seen) { returned.row(it).jsonObject }
                    is Report -> seen.value = report(value)
                    else -> seen.value = returned.json()
                }
            }
        }
    }

    private fun verified(args: JsonObject): JsonElement {
        val pairs = args.list("headers").map { pair -> pair.jsonArray.map { it.jsonPrimitive.content } }
        val headers = pairs.groupBy({ it[0] }, { it[1] })
        val webhooks = Webhooks(args.texts("keys"), literal = args.flag("literal") == true)
        told += webhooks.toString()
        val delivery = webhooks.verify(checkNotNull(args.text("body")).toByteArray(), headers)
        return buildJsonObject {
            put("event", JsonPrimitive(delivery.event))
            put("raw", delivery.raw)
        }
    }

    private suspend fun query(client: Pluvo, args: JsonObject, how: JsonObject): JsonElement {
        val (document, variables) = checkNotNull(args.text("document")) to args.inner("variables")
        val (name, repeatable) = how.text("operation_name") to how.flag("repeatable")
        if (how.flag("partial") != true) return client.query(document, variables, name, repeatable)
        val answer: Partial<JsonElement> = client.queryPartial(document, variables, name, repeatable)
        return buildJsonObject {
            put("data", answer.data ?: JsonNull)
            put("errors", JsonPrimitive(answer.errors.size))
        }
    }

    private suspend fun sync(client: Pluvo, args: JsonObject): JsonElement {
        val (options, rest) = args.entries.partition { it.key in APPLY }
        val arguments = JsonObject(rest.associate { it.key to it.value })
        val plan = Calls.make(client, "users.sync", camelled(arguments).jsonObject, null).value as SyncPlan
        val given = options.associate { it.key to it.value } - "apply"
        val journal = args.text("journal")?.let { mapOf("journal" to JsonPrimitive(folder.resolve(it).toString())) }
        val apply = camelled(JsonObject(given + journal.orEmpty()))
        return buildJsonObject {
            put("summary", json.encodeToJsonElement(plan.summary))
            put("steps", json.encodeToJsonElement(plan.steps))
            put("problems", json.encodeToJsonElement(plan.problems))
            if (args.flag("apply") == true) {
                val applied = plan.apply(json.decodeFromJsonElement<ApplyOptions>(apply))
                put("applied", json.encodeToJsonElement(applied))
            }
        }
    }

    private fun report(report: Report) = buildJsonObject {
        put("totals", json.encodeToJsonElement(report.totals))
        put("rows", json.encodeToJsonElement(report.outcomes))
    }

    private suspend fun <T> read(
        list: Paged<T>,
        how: JsonObject,
        after: String?,
        seen: Seen,
        row: (Any?) -> JsonObject,
    ) {
        var asked = list
        how.int("page_size")?.let { asked = asked.pageSize(it) }
        how.int("limit")?.let { asked = asked.limit(it.toLong()) }
        how.int("parallel")?.let { asked = asked.parallel(it) }
        how.flag("prefetch")?.let { asked = asked.prefetch(it) }
        after?.let { asked = asked.after(it) }
        val take = how.int("take") ?: Int.MAX_VALUE
        when (how.text("read") ?: "pages") {
            "count" -> seen.told = asked.count()
            "all" -> seen.rows += asked.toList().map(row)
            "items" -> asked.take(take).collect { seen.rows += row(it) }
            "pages" -> pages(asked, take, how.text("pause"), seen, row)
            else -> error("no way to read: ${how["read"]}")
        }
    }

    private suspend fun <T> pages(list: Paged<T>, take: Int, pause: String?, seen: Seen, row: (Any?) -> JsonObject) {
        list.pager().use { pager ->
            val pages = mutableListOf<Int>()
            seen.pages = pages
            try {
                while (pages.size < take) {
                    val page = pager.next() ?: break
                    pages += page.items.size
                    seen.rows += page.items.map(row)
                    seen.told = page.count
                    pause?.let { clock.advance(milliseconds(it).toULong()) }
                    pause?.let { stage.advance(milliseconds(it)) }
                }
            } finally {
                seen.position = pager.position
            }
        }
    }

    private fun failed(error: PluvoException): Failed {
        val text = (listOf(error.message.orEmpty()) + error.causes).joinToString(": ")
        told += listOf(error.toString(), error.stackTraceToString(), text, error.graphql.toString())
        val after = error.retryAfter?.toDouble(DurationUnit.SECONDS)
        return Failed(
            error.code,
            text,
            error.status,
            after,
            error.attempts,
            error.isRetryable,
            error.graphql.size,
        )
    }

    private companion object {
        const val BITS = 3
        const val MILLISECONDS = 1000.0
        val APPLY =
            setOf(
                "apply",
                "archive_share",
                "archive_at_most",
                "problem_share",
                "journal",
                "notify",
                "batch",
                "in_flight",
            )
    }
}
