package bench

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json

/** What a contender is told beside its name. */
@Serializable
class Job(
    val task: String,
    val pages: Int,
    val inFlight: Int,
    val calls: Int,
    val origin: String,
    val url: String,
    val token: String,
    val users: String,
    val one: String,
    val fields: String,
)

const val PAGE = 50

/** The JVM reads so many pages before it counts: otherwise its compiler would be what is measured. */
const val WARM_UP = 3_000

/** What was read. */
class Tally {
    var rows = 0L
    var marks = 0L

    /** Every 50th row's number is proof that it was that row. */
    fun row(ref: String?) {
        rows += 1
        if (rows % PAGE == 0L) marks += number(ref)
    }

    fun number(ref: String?): Long = ref!!.substring(4).toLong()
}

interface Contender {
    /** Reads so many pages, or all. */
    suspend fun drain(tally: Tally, pages: Int)

    suspend fun one()
}

/**
 * One contender and one job. It makes a client, warms up, prints `ready` and waits for a line; then it does the job,
 * prints what it read, and waits for the end of its input, so that whoever measures it knows from outside what the work
 * alone took. A start prints as soon as there is a client.
 */
fun main(args: Array<String>) {
    val tally = Tally()
    if (args[0] != "bare") {
        val job = Json.decodeFromString<Job>(args[1])
        val (kind, variant) = (args[0] + ":").split(":")
        val contender =
            when (kind) {
                "okhttp" -> OkHttp(job)
                "apollo-kotlin" -> Apollo(job)
                else -> Ours(job, variant)
            }
        // Where a server's coroutines run.
        runBlocking(Dispatchers.Default) { work(job, contender, tally) }
    }
    println("""{"rows": ${tally.rows}, "marks": ${tally.marks}}""")
    while (System.`in`.read() >= 0) continue
    // The peers' threads would keep the process for a minute.
    System.exit(0)
}

private suspend fun work(job: Job, contender: Contender, tally: Tally) {
    if (job.task == "start") return
    contender.drain(Tally(), WARM_UP.coerceAtMost(job.pages.coerceAtLeast(1)))
    repeat(if (job.task == "one") WARM_UP else 0) { contender.one() }
    println("ready")
    readln()
    if (job.task == "one") {
        repeat(job.calls) { contender.one() }
    } else {
        contender.drain(tally, job.pages)
    }
}
