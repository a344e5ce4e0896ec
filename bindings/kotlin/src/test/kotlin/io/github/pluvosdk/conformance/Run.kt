package io.github.pluvosdk.conformance

import io.github.pluvosdk.LogLevel
import io.github.pluvosdk.PluvoLog
import io.github.pluvosdk.internal.TestClock
import io.github.pluvosdk.testing.Sandbox
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancel
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.time.Duration.Companion.seconds

/** Runs a scenario and says what was wrong with what came of it. */
suspend fun run(draft: JsonObject, truth: JsonObject, trap: Sandbox): List<String> {
    val said = ConcurrentLinkedQueue<String>()
    PluvoLog.listen(LogLevel.TRACE) { said += it.toString() }
    val clock = TestClock()
    Stage(draft, truth, trap) { clock.wall().toLong() }.use { stage ->
        Face(stage, clock).use { face ->
            val scope = CoroutineScope(Dispatchers.Default + SupervisorJob())
            try {
                // No time is asserted: this ends what would never end.
                return withTimeout(HUNG) { Run(stage, face, said, scope).whole() }
            } finally {
                scope.cancel()
                PluvoLog.listen(LogLevel.OFF) {}
            }
        }
    }
}

private val HUNG = 60.seconds

private class Run(
    private val stage: Stage,
    private val face: Face,
    private val said: Collection<String>,
    private val scope: CoroutineScope,
) {
    private val positions = mutableMapOf<String, String>()
    private val background = mutableMapOf<String, Pair<JsonObject, Deferred<Seen>>>()

    /** The lists that were read, and their rows. */
    private val lists = mutableListOf<Pair<JsonObject, Seen>>()
    private val wrong = mutableListOf<String>()

    suspend fun whole(): List<String> {
        for ((at, step) in stage.scenario.list("steps").withIndex()) {
            val known = wrong.size
            step(step.jsonObject)
            for (n in known until wrong.size) wrong[n] = "step ${at + 1}: ${wrong[n]}"
        }
        end()
        return wrong
    }

    private suspend fun step(step: JsonObject) {
        when {
            "call" in step -> call(step)

            "join" in step -> {
                val (begun, work) = begun(checkNotNull(step.text("join")))
                judge(begun, step.inner("expect"), work.await())
            }

            "cancel" in step -> {
                val name = checkNotNull(step.text("cancel"))
                val (_, work) = begun(name)
                work.cancelAndJoin()
                val early = runCatching { work.getCompleted() }.isSuccess
                if (early) wrong += "$name was over before it could be given up"
            }

            "until" in step -> until(step.inner("until"))

            "advance" in step -> {
                val by = step.inner("advance")
                by.text("sandbox")?.let { stage.advance(milliseconds(it)) }
                face.advance(by.text("client"), by.text("calendar"))
            }

            "control" in step -> {
                val (method, path) = step.inner("control").let { it.text("method") to it.text("path") }
                val body = step.inner("control")["body"]?.toString()
                stage.sandbox.control(checkNotNull(method), checkNotNull(path).removePrefix("/__sandbox/"), body)
            }

            else -> error("no such step: $step")
        }
    }

    private fun begun(name: String) = checkNotNull(background.remove(name)) { "nothing was begun as $name" }

    private suspend fun call(step: JsonObject) {
        val how = step.inner("how")
        val after =
            how.text("after")?.let { checkNotNull(positions[it]) { "no position was kept as $it" } }
                ?: how.text("after_text")
        val begin = { scope.async { face.call(step, after) } }
        val name = step.text("background")
        if (name != null) {
            background[name] = step to begin()
            return
        }
        val calls = List(step.int("concurrently") ?: 1) { begin() }
        for (seen in calls.awaitAll()) judge(step, step.inner("expect"), seen)
    }

    private fun judge(step: JsonObject, expected: JsonObject, seen: Seen) {
        wrong += Check.outcome(expected, seen)
        val (call, args) = checkNotNull(step.text("call")) to step.inner("args")
        val rows = expected["rows"]
        if (rows != null && !isKept(rows)) wrong += Check.rows(rows, seen.rows, stage.rows(call, args))
        step.inner("how").text("keep")?.let { name ->
            val position = seen.position
            if (position == null) wrong += "there is no position to keep as $name" else positions[name] = position
        }
        if (stage.isList(call)) lists += step to seen
    }

    private suspend fun until(until: JsonObject) {
        val (tokens, graphql) = (until.int("tokens") ?: 0) to (until.int("graphql") ?: 0)
        while (true) {
            val log = stage.log()
            if (Account.of(log, "token").size >= tokens && Account.of(log, "graphql").size >= graphql) return
            yield()
        }
    }

    private fun end() {
        val expected = stage.scenario.inner("expect")
        val (log, faults) = stage.log() to stage.faults()
        val now = mutableListOf<String>()
        now += Account.requests(expected, log)
        now += Account.faults(expected, faults)
        val trapped = stage.trapped()
        if (trapped > 0) now += "$trapped requests went to the host that may not be called"
        if ("waited" in expected) now += Account.waits(expected.inner("waited"), face.waits())
        // The fields of a record are JSON, in which quotes are escaped.
        val lines = said.joinToString("\n").let { it + it.replace("\\\"", "\"") }
        now += expected.texts("logs").filter { it !in lines }.map { "the log does not say \"$it\"" }
        now += Account.leaks(secrets(), lines, "the log")
        now += Account.leaks(secrets(), face.told(), "what the client gave off")
        val mode = expected.text("store_mode")
        if (mode != null && mode != face.storeMode()) now += "the token file's mode: $mode, ${face.storeMode()} seen"
        now += rows(expected["rows"])
        if (now.isNotEmpty() || wrong.isNotEmpty()) now += "the requests were:\n${summary(log)}"
        wrong += now
    }

    private fun secrets(): List<String> {
        val auth = stage.scenario.inner("client").inner("auth")
        val own =
            when (auth.text("kind") ?: "credentials") {
                "credentials" -> auth.text("secret") ?: "sandbox-secret"
                "token" -> auth.text("value")
                else -> null
            }
        return listOfNotNull("sandbox-token-", own) + stage.scenario.inner("expect").texts("secrets")
    }

    /** The rows of all steps together, and those that need a reading at the end. */
    private fun rows(together: JsonElement?): List<String> {
        val now = mutableListOf<String>()
        for ((step, seen) in lists) {
            val rows = step.inner("expect")["rows"]
            if (rows == null || !isKept(rows)) continue
            val (call, args) = checkNotNull(step.text("call")) to step.inner("args")
            now += Check.rows(rows, seen.rows, stage.rows(call, args), stage.rowsNow(call, args))
        }
        val first = lists.firstOrNull()?.first
        if (together != null && first != null) {
            val (call, args) = checkNotNull(first.text("call")) to first.inner("args")
            val after = if (isKept(together)) stage.rowsNow(call, args) else emptyList()
            now += Check.rows(together, lists.flatMap { it.second.rows }, stage.rows(call, args), after)
        }
        return now
    }

    private fun isKept(rows: JsonElement) = rows is JsonPrimitive && rows.content == "kept"

    private fun summary(log: List<JsonObject>): String = log.take(SHOWN).joinToString("\n") { entry ->
        val what = entry.text("operation") ?: entry.text("path")
        "  ${entry["seq"]} $what ${entry["variables"]} -> ${entry["status"]} ${entry["fault"]}"
    }

    private companion object {
        const val SHOWN = 40
    }
}
