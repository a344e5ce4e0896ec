package io.github.pluvosdk

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalForInheritanceCoroutinesApi
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.job
import kotlinx.coroutines.withContext
import kotlinx.serialization.KSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.serializer
import io.github.pluvosdk.internal.Pages as NativePages

/**
 * A list that is read page by page while it is collected.
 *
 * It is a cold [Flow] of rows: nothing is sent before it is collected, each collection reads anew, and one that is
 * cancelled stops at once, what is in flight with it. One page is fetched ahead.
 *
 * ```kotlin
 * pluvo.users.list(archived = false).collect { println(it.name) }
 * val everybody = pluvo.users.list().toList()
 * pluvo.users.list().pages().collect { page -> println("${page.items.size} of ${page.count}") }
 * ```
 *
 * Its methods that set something give another list and leave this one as it is.
 */
@OptIn(ExperimentalForInheritanceCoroutinesApi::class)
public class Paged<T> private constructor(private val source: Source<T>) : Flow<T> {
    /** Hands over every row, in the context of the caller. */
    // Not by way of `flow { }`, which looks at the context again for each row.
    override suspend fun collect(collector: FlowCollector<T>) {
        val job = currentCoroutineContext().job
        source.pager().use { pager ->
            while (true) {
                val page = pager.next() ?: break
                for (row in page.items) {
                    job.ensureActive()
                    collector.emit(row)
                }
            }
        }
    }

    /** The same list, page by page. */
    public fun pages(): Flow<Page<T>> = source.pages()

    /** The same list as something to be asked for one page after another, which goes on after an error. */
    public fun pager(): Pager<T> = source.pager()

    /**
     * With `n` pages in flight, where Pluvo documents that the list can be read from any place; rows come in the same
     * order. The result is complete or an error.
     */
    public fun parallel(n: Int): Paged<T> = with("parallel", JsonPrimitive(n))

    /** At most so many rows. No page is asked for that is not needed. */
    public fun limit(rows: Long): Paged<T> = with("limit", JsonPrimitive(rows))

    /** So many rows in a page; Pluvo gives 50 at most. */
    public fun pageSize(rows: Int): Paged<T> = with("pageSize", JsonPrimitive(rows))

    /** Whether one page is fetched ahead while the last is worked on. */
    public fun prefetch(ahead: Boolean): Paged<T> = with("prefetch", JsonPrimitive(ahead))

    /** From a position on that [Page.position] or [Pager.position] gave, of the same list. */
    public fun after(position: String): Paged<T> = with("after", JsonPrimitive(position))

    /** The first row; asks for no more than that. Fails with [NoSuchElementException] where there is none. */
    public suspend fun first(): T = firstOrNull() ?: throw NoSuchElementException("the list is empty")

    /** The first row, if there is one; asks for no more than that. */
    public suspend fun firstOrNull(): T? = limit(1).prefetch(false).pager().use { it.next() }?.items?.firstOrNull()

    /** How many rows the server says there are; asks for no row. */
    public suspend fun count(): Long = source.count()

    /** All rows, with several pages in flight where that can be. */
    public suspend fun toList(): List<T> {
        val all = mutableListOf<T>()
        with("all", JsonPrimitive(true)).pages().collect { all += it.items }
        return all
    }

    private fun with(name: String, value: JsonPrimitive) =
        Paged(source.copy(options = source.options + (name to value)))

    override fun toString(): String = "Paged(${source.name})"

    internal companion object {
        fun <T> of(core: Core, name: String, arguments: JsonObject, select: String?, row: KSerializer<T>): Paged<T> {
            val options = if (select == null) emptyMap() else mapOf("select" to JsonPrimitive(select))
            return Paged(Source(core, name, arguments, options, row))
        }
    }

    /** What is read, and how. */
    internal data class Source<T>(
        val core: Core,
        val name: String,
        val arguments: JsonObject,
        val options: Map<String, JsonPrimitive>,
        val row: KSerializer<T>,
    ) {
        fun pager(): Pager<T> = core.native { Pager(this, core.session.list(name, request(options))) }

        fun pages(): Flow<Page<T>> = flow {
            pager().use { pager ->
                while (true) emit(pager.next() ?: break)
            }
        }

        suspend fun count(): Long {
            val asked = options.filterKeys { it != "select" && it != "all" } + ("count" to JsonPrimitive(true))
            return core.send(name, serializer<Long>(), request(asked))
        }

        private fun request(options: Map<String, JsonPrimitive>): String = buildJsonObject {
            put("args", arguments)
            options.forEach { (name, value) -> put(name, value) }
        }.toString()
    }
}

/**
 * A page of a list.
 *
 * @property items The rows.
 * @property count How many rows the server says the whole list has.
 * @property endCursor The server's own mark of where the page ends.
 * @property hasNext Whether another page follows.
 * @property position Where the page ends, as a text to keep and to give to [Paged.after] later.
 */
public class Page<T> internal constructor(
    public val items: List<T>,
    public val count: Long?,
    public val endCursor: String?,
    public val hasNext: Boolean,
    public val position: String?,
) {
    override fun toString(): String = "Page(${items.size} rows, count=$count, hasNext=$hasNext)"
}

/**
 * A list to be asked for one page after another. After an error it keeps its place and can be asked again.
 *
 * Close it when there are pages left that nobody wants: the one that is fetched ahead is given up then.
 */
public class Pager<T> internal constructor(private val source: Paged.Source<T>, private val pages: NativePages) :
    AutoCloseable {
    private val written = WrittenPage.serializer(source.row)

    /** The next page, or nothing after the last. */
    public suspend fun next(): Page<T>? = withContext(Dispatchers.Default) {
        val core = source.core
        val page = core.native { pages.nextAnswer(core.life).take() }
        if (page.isEmpty()) null else core.decode(source.name, written, page).read()
    }

    /** Where it stands, as a text to keep and to give to [Paged.after] later. */
    public val position: String? get() = pages.position()

    /** Gives up what is fetched ahead. */
    override fun close(): Unit = pages.close()
}

/** A page as it crosses. */
@Serializable
internal class WrittenPage<T>(
    private val count: Long?,
    private val endCursor: String?,
    private val hasNext: Boolean,
    private val position: String?,
    private val edges: List<Edge<T>?>,
) {
    fun read(): Page<T> = Page(edges.mapNotNull { it?.node }, count, endCursor, hasNext, position)

    @Serializable
    internal class Edge<T>(val node: T? = null)
}
