// The README's program. It runs on a server, so that it may hold client credentials; an app hands out tokens instead.
package quickstart

import io.github.pluvosdk.Pluvo
import io.github.pluvosdk.PluvoException
import kotlinx.coroutines.runBlocking

fun main(): Unit = runBlocking {
    Pluvo.fromEnvironment().use { pluvo ->
        try {
            pluvo.users.list(archived = false).collect { user -> println("${user.name} <${user.email}>") }
        } catch (e: PluvoException.Permission) {
            println("The token may not read people: ${e.message}")
        }
    }
}
