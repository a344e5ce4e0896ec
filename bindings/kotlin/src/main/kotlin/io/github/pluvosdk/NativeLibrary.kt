package io.github.pluvosdk

import com.sun.jna.Platform
import io.github.pluvosdk.internal.WireException

/** A call into the native library that may be the first one: where there is none for this platform, it says what to do. */
internal inline fun <T> loaded(call: () -> T): T = try {
    call()
} catch (e: WireException) {
    throw Core.translated(e)
} catch (e: LinkageError) {
    throw missing(e)
}

internal fun missing(cause: LinkageError): PluvoException {
    val platform = Platform.RESOURCE_PREFIX
    val why = generateSequence<Throwable>(cause) { it.cause }.last().message.orEmpty().substringBefore('\n')
    val message =
        "pluvo-sdk cannot load its native library for $platform ($why). The jar holds one for each platform that it " +
            "was made for, in a folder of that name; an Android app has it from the AAR, in lib/ of its APK."
    return PluvoException.of(PluvoException.Details("config", message)).apply { initCause(cause) }
}
