// The code of docs/kotlin.md about testing. DocsTest runs it, and holds the page to it.
package guide

import io.github.pluvosdk.Id
import io.github.pluvosdk.model.User
import io.github.pluvosdk.testing.Sandbox

suspend fun sandboxed() {
    Sandbox.start(users = 100).use { sandbox ->
        sandbox.client().use { pluvo -> check(pluvo.users.list().count() == 100L) }
    }
}

fun preview(): User = User(id = Id("1"), name = "Anne")
