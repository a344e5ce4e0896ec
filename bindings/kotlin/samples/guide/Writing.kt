// The code of docs/kotlin.md about writing and errors. DocsTest runs it, and holds the page to it.
package guide

import io.github.pluvosdk.Pluvo
import io.github.pluvosdk.PluvoException
import io.github.pluvosdk.model.SyncRow
import io.github.pluvosdk.model.UserRow

suspend fun one(pluvo: Pluvo): Boolean {
    val (user, created) = pluvo.users.upsert(ref = "EMP-1", email = "anne@example.com", name = "Anne Jansen")
    pluvo.groups.create(name = "Sales", ref = "sales")
    pluvo.groups.addUsers(ref = "sales", userRefs = listOf("EMP-1"))
    check(user.name == "Anne Jansen")
    return created
}

suspend fun many(pluvo: Pluvo, rows: List<UserRow>): Int {
    val report = pluvo.users.upsertMany(rows) { totals -> println("${totals.done} of ${totals.total}") }
    report.failed.forEach { println("row ${it.index}: ${it.error?.message}") }
    return report.created
}

suspend fun sync(pluvo: Pluvo, rows: List<SyncRow>): Boolean {
    val plan = pluvo.users.sync(rows, archiveMissing = false)
    println(plan.summary)
    val applied = plan.apply()
    return applied.complete
}

suspend fun rename(pluvo: Pluvo, ref: String, name: String): String = try {
    pluvo.users.update(ref = ref, name = name)
    "done"
} catch (e: PluvoException.NotFound) {
    "there is nobody with the ref $ref"
} catch (e: PluvoException.RateLimited) {
    "too many requests; again in ${e.retryAfter}"
} catch (e: PluvoException.Indeterminate) {
    "nobody knows whether it was done: look before doing it again"
}
