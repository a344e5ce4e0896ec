package io.github.pluvosdk

import com.sun.jna.CallbackThreadInitializer
import com.sun.jna.Native
import io.github.pluvosdk.internal.CancelHandle
import io.github.pluvosdk.internal.Session
import io.github.pluvosdk.internal.WireException
import io.github.pluvosdk.internal.uniffiRustFutureContinuationCallbackImpl
import io.github.pluvosdk.model.BulkTotals
import io.github.pluvosdk.model.SyncRow
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.withContext
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.serializer
import java.util.concurrent.atomic.AtomicBoolean

/**
 * The native client, and the one way to it.
 *
 * Answers are awaited and decoded on [Dispatchers.Default], so that every call can be made from a main thread, and from a
 * dispatcher that would go on in the core's own thread.
 */
internal class Core(val session: Session) : AutoCloseable {
    /** Ends every call of this client when the client is closed. */
    val life: CancelHandle = CancelHandle()
    private val closed = AtomicBoolean()

    suspend inline fun <reified T> call(name: String, fill: Arguments.() -> Unit = {}): T =
        call(name, serializer<T>(), null, fill)

    suspend inline fun <T> call(
        name: String,
        result: DeserializationStrategy<T>,
        select: String? = null,
        fill: Arguments.() -> Unit = {},
    ): T {
        val arguments = arguments(fill)
        return send(name, result, request(arguments, select))
    }

    /** A call of which nothing comes. */
    suspend inline fun run(name: String, fill: Arguments.() -> Unit = {}) {
        val request = request(arguments(fill))
        withContext(Dispatchers.Default) { native { session.callAnswer(name, request, life).close() } }
    }

    /** A call that sends a file, and of which nothing comes. */
    suspend inline fun run(name: String, content: Content, fill: Arguments.() -> Unit = {}) {
        val request = request(arguments(fill))
        withContext(Dispatchers.Default) { native { session.upload(name, request, content.native, life) } }
    }

    suspend fun <T> send(name: String, result: DeserializationStrategy<T>, request: String): T =
        withContext(Dispatchers.Default) {
            decode(name, result, native { session.callAnswer(name, request, life).take() })
        }

    inline fun <reified T> list(name: String, fill: Arguments.() -> Unit = {}): Paged<T> =
        list(name, serializer<T>(), null, fill)

    inline fun <T> list(
        name: String,
        row: KSerializer<T>,
        select: String? = null,
        fill: Arguments.() -> Unit = {},
    ): Paged<T> = Paged.of(this, name, arguments(fill), select, row)

    suspend inline fun <reified T> upload(name: String, content: Content, fill: Arguments.() -> Unit = {}): T {
        val arguments = arguments(fill)
        return upload(name, serializer<T>(), content, request(arguments))
    }

    suspend fun <T> upload(name: String, result: DeserializationStrategy<T>, content: Content, request: String): T =
        withContext(Dispatchers.Default) {
            decode(name, result, native { session.upload(name, request, content.native, life) })
        }

    suspend inline fun <reified R> bulk(
        name: String,
        rows: Flow<R>,
        noinline progress: ((BulkTotals) -> Unit)?,
        fill: Arguments.() -> Unit = {},
    ): Report {
        val arguments = arguments(fill)
        return writeMany(this, name, request(arguments), rows, serializer<R>(), progress)
    }

    suspend inline fun plan(rows: Iterable<SyncRow>, fill: Arguments.() -> Unit = {}): SyncPlan {
        val arguments = Arguments().apply { given["rows"] = rowsOf(rows, SyncRow.serializer()) }.apply(fill)
        return SyncPlan.make(this, request(arguments.toObject()))
    }

    /** Reads what a call gave. */
    fun <T> decode(name: String, result: DeserializationStrategy<T>, answer: String): T = try {
        json.decodeFromString(result, answer)
    } catch (e: SerializationException) {
        throw PluvoException.decode(name, e)
    } catch (e: IllegalArgumentException) {
        throw PluvoException.decode(name, e)
    } catch (e: StackOverflowError) {
        // Nested deeper than anything that means well.
        throw PluvoException.decode(name, e)
    }

    /** Turns the errors of the border into those of this library. */
    inline fun <T> native(call: () -> T): T {
        if (closed.get()) throw PluvoException.closed()
        try {
            return call()
        } catch (e: WireException) {
            throw translated(e)
        } catch (e: CancellationException) {
            throw e
        } catch (e: IllegalStateException) {
            // What the generated code throws for an object that is destroyed.
            throw if (closed.get()) PluvoException.closed() else e
        }
    }

    override fun close() {
        if (closed.compareAndSet(false, true)) {
            life.cancel()
            session.close()
        }
    }

    companion object {
        init {
            // A thread of the core stays known to the JVM once it has called back: to make it known and unknown again each
            // time would cost more than the call.
            Native.setCallbackThreadInitializer(
                uniffiRustFutureContinuationCallbackImpl,
                CallbackThreadInitializer(true, false, "pluvo-sdk"),
            )
        }

        fun translated(error: WireException): PluvoException = when (error) {
            is WireException.Failed -> PluvoException.of(error.json)
        }

        fun request(arguments: JsonObject, select: String? = null): String = buildJsonObject {
            put("args", arguments)
            if (select != null) put("select", JsonPrimitive(select))
        }.toString()
    }
}
