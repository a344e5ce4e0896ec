package io.github.pluvosdk

import java.io.File
import java.nio.file.Path
import io.github.pluvosdk.internal.Content as NativeContent

/** What a file to be uploaded holds. */
public class Content private constructor(internal val native: NativeContent, private val shown: String) {
    override fun toString(): String = shown

    public companion object {
        /** Bytes in memory. */
        public fun of(bytes: ByteArray): Content = Content(NativeContent.Bytes(bytes), "${bytes.size} bytes")

        /** A file, which is opened when it is sent. */
        public fun of(file: File): Content = Content(NativeContent.Path(file.path), file.path)

        /** A file, which is opened when it is sent. */
        public fun of(file: Path): Content = of(file.toFile())
    }
}
