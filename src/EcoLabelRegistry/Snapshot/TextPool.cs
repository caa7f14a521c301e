using System.Collections.Concurrent;

namespace EcoLabelRegistry.Snapshot;

/// <summary>Texts that many certificates share, kept once: codes, holders, brands. A text has its number for good.</summary>
/// <remarks>Any thread may add. Bounded: what comes after is kept with its certificate, so that a million different holders cost what they weigh.</remarks>
internal sealed class TextPool
{
    private const int Most = 1 << 17;

    // A text, its two entries in the dictionary and its place in the list, beside its letters.
    private const int BytesEach = 100;

    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();
    private string[] _texts = new string[256];
    private int _count;
    private long _bytes;

    /// <summary>The text with a number.</summary>
    public string this[int number] => Volatile.Read(ref _texts)[number];

    /// <summary>About what it takes, in bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The number of a text; −1 when the pool is full and does not have it.</summary>
    public int NumberOf(string text) => _numbers.TryGetValue(text, out var number) ? number : Add(text);

    private int Add(string text)
    {
        lock (_adding)
        {
            if (_numbers.TryGetValue(text, out var number))
            {
                return number;
            }

            if (_count == Most)
            {
                return -1;
            }

            number = _count++;
            if (number == _texts.Length)
            {
                var longer = new string[_texts.Length * 2];
                _texts.CopyTo(longer, 0);
                Volatile.Write(ref _texts, longer);
            }

            _texts[number] = text;
            _bytes += BytesEach + (2 * text.Length);
            _numbers[text] = number; // last: whoever finds the number finds the text
            return number;
        }
    }
}
