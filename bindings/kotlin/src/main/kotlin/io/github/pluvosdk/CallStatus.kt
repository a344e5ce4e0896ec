package io.github.pluvosdk

import com.sun.jna.Memory
import com.sun.jna.Pointer
import io.github.pluvosdk.internal.UniffiRustCallStatus

/**
 * Where the core writes how a call went: one place a thread, used again for each of its calls.
 *
 * As UniFFI writes it, each call makes a structure, its memory and a phantom reference by which that is freed, and JNA walks
 * through its fields by reflection before the call and after it. `bindings/kotlin/native` puts this in its place.
 */
internal object CallStatus {
    private const val CODE = 0L
    private const val SUCCESS: Byte = 0

    private val places =
        ThreadLocal.withInitial {
            Memory(UniffiRustCallStatus().size().toLong()).apply { clear() }
        }

    /** The place of this thread, in which success is written: the core writes nothing else where all is well. */
    fun place(): Pointer = places.get()

    /**
     * What the core wrote, if the call failed. The place says success again then, so that a call which was made while
     * another one runs on the same thread leaves nothing behind for it.
     */
    fun failure(place: Pointer): UniffiRustCallStatus? {
        if (place.getByte(CODE) == SUCCESS) return null
        val written = UniffiRustCallStatus()
        written.pointer.write(CODE, place.getByteArray(CODE, written.size()), 0, written.size())
        written.read()
        place.setByte(CODE, SUCCESS)
        return written
    }
}
