package io.github.pluvosdk

import io.github.pluvosdk.internal.LogListener
import io.github.pluvosdk.internal.setLog
import kotlinx.serialization.Serializable
import kotlin.time.Duration
import io.github.pluvosdk.internal.AttemptListener as NativeListener

/** One HTTP attempt that has ended. */
@Serializable
public data class Attempt(
    /** The operation that was sent. */
    public val operation: String? = null,
    /** Which attempt of its call it was, from 1. */
    public val number: Int = 1,
    /** The HTTP status, where there was an answer. */
    public val status: Int? = null,
    /** The code of the error that came of it. */
    public val error: String? = null,
    /** How long it will be until the next attempt, where there is one. */
    @Serializable(SecondsSerializer::class)
    public val retryIn: Duration? = null,
    /** How long it took. */
    @Serializable(SecondsSerializer::class)
    public val elapsed: Duration? = null,
    /** The server's own id of the request. */
    public val requestId: String? = null,
    /** The bytes of the answer. */
    public val bytes: Long? = null,
)

/** Hears of every HTTP attempt, on a thread that works: it must not block. */
public fun interface AttemptListener {
    /** An attempt has ended. */
    public fun attempt(attempt: Attempt)
}

/** How much of the log is told. */
public enum class LogLevel {
    /** Nothing. */
    OFF,

    /** What failed. */
    ERROR,

    /** What should be looked at. */
    WARN,

    /** What happens seldom: tokens, renewals. */
    INFO,

    /** Each call. */
    DEBUG,

    /** Everything. */
    TRACE,
}

/**
 * A line of the log. It holds no token, secret or variable.
 *
 * @property target What it is about: `pluvo_sdk::http`.
 * @property message In words.
 * @property fields More of it, as a JSON object.
 */
public class LogRecord internal constructor(
    public val level: LogLevel,
    public val target: String,
    public val message: String,
    public val fields: String,
) {
    override fun toString(): String = "$level $target: $message $fields"
}

/** The log of all clients in this process. */
public object PluvoLog {
    /**
     * Sends the log, from a level on, to a listener in place of the one before. The listener is called on a thread that
     * works: it must not block.
     */
    public fun listen(level: LogLevel, listener: (LogRecord) -> Unit) {
        val native =
            object : LogListener {
                override fun log(level: String, target: String, message: String, fields: String) {
                    listener(LogRecord(LogLevel.valueOf(level.uppercase()), target, message, fields))
                }
            }
        loaded { setLog(level.name.lowercase(), native) }
    }
}

internal class AttemptAdapter(private val listener: AttemptListener) : NativeListener {
    override fun attempt(event: String): Unit = listener.attempt(json.decodeFromString(event))
}
