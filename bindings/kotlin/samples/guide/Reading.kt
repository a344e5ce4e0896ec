// The code of docs/kotlin.md about reading. DocsTest runs it, and holds the page to it.
package guide

import io.github.pluvosdk.Pluvo
import io.github.pluvosdk.model.User
import io.github.pluvosdk.select
import kotlinx.serialization.Serializable

suspend fun lists(pluvo: Pluvo): Long {
    pluvo.users.list(archived = false).collect { user -> println(user.name) }

    val everybody: List<User> = pluvo.users.list().toList() // several pages in flight
    val howMany: Long = pluvo.users.list().count() // asks for no row
    val one: User? = pluvo.users.list(q = "anne").firstOrNull() // asks for one row
    check(everybody.size.toLong() == howMany && (one == null || one in everybody))
    return howMany
}

suspend fun pages(pluvo: Pluvo, save: (position: String?) -> Unit) {
    pluvo.users.list().pages().collect { page ->
        println("${page.items.size} of ${page.count}")
        save(page.position) // to go on from later: list().after(position)
    }
    pluvo.users.list().parallel(4).collect { println(it.name) } // where Pluvo documents offsets; rows keep their order
}

@Serializable
data class Contact(val name: String, val email: String?)

@Serializable
data class Answer(val user: Contact?)

suspend fun ownTypes(pluvo: Pluvo): Pair<List<Contact>, Answer> {
    val contacts = pluvo.users.list(select = select<Contact>("name email")).toList()

    val document = "query(\$ref: String!) { user(ref: \$ref) { name email } }"
    val answer = pluvo.query<Answer>(document, mapOf("ref" to "EMP-1"))
    return contacts to answer
}
