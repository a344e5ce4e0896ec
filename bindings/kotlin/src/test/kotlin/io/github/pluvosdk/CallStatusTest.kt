package io.github.pluvosdk

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Test
import kotlin.concurrent.thread

/** How a call of the core went. */
class CallStatusTest {
    @Test
    fun `a failure is told once`() {
        val place = CallStatus.place()
        assertNull(CallStatus.failure(place))
        place.setByte(0, 1)
        assertEquals(true, CallStatus.failure(place)?.isError())
        assertNull(CallStatus.failure(place))
    }

    @Test
    fun `a thread has a place of its own`() {
        val places = mutableListOf(CallStatus.place(), CallStatus.place())
        thread { places += CallStatus.place() }.join()
        assertEquals(places[0], places[1])
        assertNotEquals(places[0], places[2])
    }

    @Test
    fun `a call that failed leaves nothing behind for the next`() {
        repeat(3) {
            assertThrows(PluvoException.Config::class.java) { Pluvo.forServer("", "id", "secret") }
            Pluvo.forServer("acme", "id", "secret").close()
        }
    }
}
