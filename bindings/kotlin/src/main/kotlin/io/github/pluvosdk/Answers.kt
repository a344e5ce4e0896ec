package io.github.pluvosdk

import com.sun.jna.Pointer
import io.github.pluvosdk.internal.Answer

/** The JSON of an answer, copied once out of the core's memory, which is given back. */
internal fun Answer.take(): String =
    use { Pointer(it.address().toLong()).getByteArray(0, it.length().toInt()) }.decodeToString()
