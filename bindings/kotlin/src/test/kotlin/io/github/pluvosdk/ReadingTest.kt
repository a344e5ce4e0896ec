package io.github.pluvosdk

import io.github.pluvosdk.model.User
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import java.time.Instant

/** Values as servers write them. */
class ReadingTest {
    private fun moment(written: String): Instant? =
        json.decodeFromString<User>("""{"id": "1", "lastLogin": $written}""").lastLogin

    @Test
    fun `moments are read in every form that servers write`() {
        val moment = Instant.parse("2024-03-01T12:30:00Z")
        for (written in listOf(
            "2024-03-01T12:30:00Z",
            "2024-03-01T12:30:00+00:00",
            "2024-03-01T14:30:00.000+02:00",
            "2024-03-01 12:30:00Z",
            "2024-03-01T12:30:00",
            "2024-03-01T12:30Z",
            "2024-03-01 12:30",
        )) {
            assertEquals(moment, moment("\"$written\""), written)
        }
        assertEquals(Instant.parse("2024-03-01T12:30:00.123456Z"), moment("\"2024-03-01T12:30:00.123456+00:00\""))
        assertEquals(Instant.parse("2024-03-01T00:00:00Z"), moment("\"2024-03-01\""))
    }

    @Test
    fun `a moment that cannot be read is none`() {
        for (written in listOf("null", "\"\"", "\"soon\"", "\"2024-13-01T12:30:00Z\"", "12", "true", "[]", "{}")) {
            assertNull(moment(written), written)
        }
    }
}
