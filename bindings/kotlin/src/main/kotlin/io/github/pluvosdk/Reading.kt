package io.github.pluvosdk

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.builtins.ListSerializer
import kotlinx.serialization.builtins.nullable
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.nullable
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonDecoder
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.modules.SerializersModule
import kotlinx.serialization.modules.contextual
import java.math.BigDecimal
import java.time.DateTimeException
import java.time.Instant
import java.time.LocalDate
import java.time.LocalDateTime
import java.time.OffsetDateTime
import java.time.ZoneOffset
import kotlin.time.toJavaInstant
import kotlin.time.Instant as KotlinInstant

/** How all JSON of the API is read and written: what is unknown is passed over, what is absent is not sent. */
internal val json: Json =
    Json {
        ignoreUnknownKeys = true
        explicitNulls = false
        // Arguments may be of these types by themselves; models name their serializers.
        serializersModule =
            SerializersModule {
                contextual(MomentArgument)
                contextual(DateArgument)
                contextual(DecimalArgument)
            }
    }

/** Lists whose null elements are left out: the schema does not say reliably that there are none. */
internal class PresentList<T : Any>(item: KSerializer<T>) : KSerializer<List<T>> {
    private val items = ListSerializer(item.nullable)

    override val descriptor: SerialDescriptor = items.descriptor

    override fun deserialize(decoder: Decoder): List<T> = items.deserialize(decoder).filterNotNull()

    override fun serialize(encoder: Encoder, value: List<T>): Unit = items.serialize(encoder, value)
}

/** A value that travels as text, and is nothing where the text cannot be read: one odd date makes no page unreadable. */
@OptIn(ExperimentalSerializationApi::class)
internal abstract class Read<T : Any>(name: String, private val parse: (String) -> T?) : KSerializer<T?> {
    final override val descriptor: SerialDescriptor =
        PrimitiveSerialDescriptor("io.github.pluvosdk.$name", PrimitiveKind.STRING).nullable

    final override fun deserialize(decoder: Decoder): T? = if (decoder is JsonDecoder) {
        (decoder.decodeJsonElement() as? JsonPrimitive)?.contentOrNull?.let(parse)
    } else {
        parse(decoder.decodeString())
    }

    final override fun serialize(encoder: Encoder, value: T?) {
        if (value == null) {
            encoder.encodeNull()
        } else {
            encoder.encodeString(write(value))
        }
    }

    open fun write(value: T): String = value.toString()
}

internal object ReadInstant : Read<Instant>("Instant", ::instant)

internal object ReadDate : Read<LocalDate>("Date", { text -> read { LocalDate.parse(text.take(DATE_LENGTH)) } })

internal object ReadDecimal : Read<BigDecimal>("Decimal", String::toBigDecimalOrNull) {
    // Never in scientific notation, which no server expects in a price.
    override fun write(value: BigDecimal): String = value.toPlainString()
}

/** A moment with an offset; one without is taken as UTC, and a date as its beginning. */
private fun instant(text: String): Instant? {
    val written = text.replaceFirst(' ', 'T')
    // Kotlin's own reader takes what nearly every server writes, for a tenth of what a formatter of java.time costs.
    return KotlinInstant.parseOrNull(written)?.toJavaInstant()
        ?: read { OffsetDateTime.parse(written).toInstant() }
        ?: read { LocalDateTime.parse(written).toInstant(ZoneOffset.UTC) }
        ?: read { LocalDate.parse(written).atStartOfDay().toInstant(ZoneOffset.UTC) }
}

private inline fun <T> read(parse: () -> T): T? = try {
    parse()
} catch (_: DateTimeException) {
    null
}

private const val DATE_LENGTH = "2024-01-31".length

/** A value that is given as an argument, and is there for certain. */
internal abstract class Argument<T : Any>(
    name: String,
    private val parse: (String) -> T,
    private val write: (T) -> String,
) : KSerializer<T> {
    final override val descriptor: SerialDescriptor =
        PrimitiveSerialDescriptor("io.github.pluvosdk.$name", PrimitiveKind.STRING)

    final override fun serialize(encoder: Encoder, value: T): Unit = encoder.encodeString(write(value))

    final override fun deserialize(decoder: Decoder): T = parse(decoder.decodeString())
}

internal object MomentArgument : Argument<Instant>("MomentArgument", Instant::parse, Instant::toString)

internal object DateArgument : Argument<LocalDate>("DateArgument", LocalDate::parse, LocalDate::toString)

internal object DecimalArgument :
    Argument<BigDecimal>("DecimalArgument", String::toBigDecimal, BigDecimal::toPlainString)

/** The member of a union that this version does not know, as the object that it is. */
internal open class UnknownFields<T>(private val make: (JsonObject) -> T, private val fields: (T) -> JsonObject) :
    KSerializer<T> {
    final override val descriptor: SerialDescriptor = JsonObject.serializer().descriptor

    final override fun deserialize(decoder: Decoder): T = make(JsonObject.serializer().deserialize(decoder))

    final override fun serialize(encoder: Encoder, value: T): Unit =
        JsonObject.serializer().serialize(encoder, fields(value))
}
