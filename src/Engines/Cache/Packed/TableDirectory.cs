using System.Runtime.CompilerServices;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>
/// The buckets of a table by their numbers: one alone is its own directory, up to a page's worth have one page, more have a page
/// of pages.
/// </summary>
internal static unsafe class TableDirectory
{
    /// <summary>The most buckets there can be.</summary>
    public const uint MaxBuckets = PageEntries * (Chunks.MaxBytes / sizeof(uint));

    // A page fills a block of 8 KiB with its header.
    private const int PageBytes = 8_192 - 8;
    private const uint PageEntries = PageBytes / sizeof(uint);

    /// <summary>A bucket's chunk; 0 while it is empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Get(Chunks chunks, in TableRoot root, uint bucket)
    {
        if (root.Buckets == 1)
            return root.Directory;
        return root.Buckets <= PageEntries
            ? Entry(chunks, root.Directory, bucket)
            : Entry(chunks, Entry(chunks, root.Directory, bucket / PageEntries), bucket % PageEntries);
    }

    /// <summary>Gives a bucket another chunk.</summary>
    public static void Set(Chunks chunks, ref TableRoot root, uint bucket, uint handle)
    {
        if (root.Buckets == 1)
            root.Directory = handle;
        else if (root.Buckets <= PageEntries)
            Entry(chunks, root.Directory, bucket) = handle;
        else
            Entry(chunks, Entry(chunks, root.Directory, bucket / PageEntries), bucket % PageEntries) = handle;
    }

    /// <summary>Adds an empty bucket at the end.</summary>
    public static void Grow(Chunks chunks, ref TableRoot root)
    {
        var bucket = root.Buckets++;
        if (bucket == 0)
            return;
        if (bucket == 1)
        {
            var page = chunks.Allocate(2 * sizeof(uint));
            Entry(chunks, page, 0) = root.Directory;
            root.Directory = page;
        }
        else if (bucket < PageEntries)
        {
            Fit(chunks, root.Directory, bucket + 1);
        }
        else if (bucket == PageEntries)
        {
            var pages = chunks.Allocate(2 * sizeof(uint));
            Entry(chunks, pages, 0) = root.Directory;
            root.Directory = pages;
            Entry(chunks, pages, 1) = chunks.Allocate(sizeof(uint));
        }
        else
        {
            var page = bucket / PageEntries;
            if (bucket % PageEntries == 0)
            {
                Fit(chunks, root.Directory, page + 1);
                Entry(chunks, root.Directory, page) = chunks.Allocate(sizeof(uint));
            }
            else
            {
                Fit(chunks, Entry(chunks, root.Directory, page), (bucket % PageEntries) + 1);
            }
        }

        Set(chunks, ref root, bucket, 0);
    }

    /// <summary>Takes the last bucket away, which is empty.</summary>
    public static void Shrink(Chunks chunks, ref TableRoot root)
    {
        var left = --root.Buckets;
        if (left == 0)
        {
            root.Directory = 0;
        }
        else if (left == 1)
        {
            Collapse(chunks, ref root);
        }
        else if (left < PageEntries)
        {
            Fit(chunks, root.Directory, left);
        }
        else if (left == PageEntries)
        {
            chunks.Free(Entry(chunks, root.Directory, 1));
            Collapse(chunks, ref root);
        }
        else if (left % PageEntries == 0)
        {
            chunks.Free(Entry(chunks, root.Directory, left / PageEntries));
            Fit(chunks, root.Directory, left / PageEntries);
        }
        else
        {
            Fit(chunks, Entry(chunks, root.Directory, left / PageEntries), left % PageEntries);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref uint Entry(Chunks chunks, uint page, uint index) => ref ((uint*)chunks.Pointer(page))[index];

    private static void Collapse(Chunks chunks, ref TableRoot root)
    {
        var first = Entry(chunks, root.Directory, 0);
        chunks.Free(root.Directory);
        root.Directory = first;
    }

    // Larger as soon as it must be, smaller when a quarter is to spare.
    private static void Fit(Chunks chunks, uint page, uint entries)
    {
        var bytes = (int)entries * sizeof(uint);
        var capacity = chunks.Capacity(page);
        if (capacity < bytes)
            chunks.Resize(page, Math.Min(bytes + (bytes / 8), bytes <= PageBytes ? PageBytes : Chunks.MaxBytes));
        else if (capacity - bytes > 64 + (capacity / 4))
            chunks.Resize(page, bytes);
    }
}
