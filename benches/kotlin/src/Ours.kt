package bench

import io.github.pluvosdk.Limits
import io.github.pluvosdk.Pluvo
import io.github.pluvosdk.Proxy
import io.github.pluvosdk.Settings
import kotlinx.serialization.Serializable

/** Ours, as it is out of the box, but for as many requests in flight as the job says. */
class Ours(private val job: Job, private val variant: String) : Contender {
    private val pluvo =
        Pluvo.forServer(
            job.origin,
            "sandbox",
            "sandbox-secret",
            settings =
                Settings(
                    proxy = Proxy.none,
                    limits = if (job.inFlight > 8) Limits(inFlight = job.inFlight) else null,
                ),
        )

    @Serializable
    class Answer(val user: Named?)

    @Serializable
    class Named(val id: String, val name: String)

    override suspend fun drain(tally: Tally, pages: Int) {
        val rows = pages.toLong() * PAGE
        val all = pluvo.users.list()
        val users = if (job.inFlight == 1) all else all.parallel(job.inFlight)
        if (variant == "pages") {
            users.limit(rows).pages().collect { page -> page.items.forEach { tally.row(it.ref) } }
        } else {
            users.limit(rows).collect { tally.row(it.ref) }
        }
    }

    override suspend fun one() {
        checkNotNull(pluvo.query<Answer>(job.one, mapOf("ref" to "EMP-000001")).user).name
    }
}
