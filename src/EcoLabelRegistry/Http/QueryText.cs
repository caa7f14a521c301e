using System.Buffers;
using System.Text;

namespace EcoLabelRegistry.Http;

/// <summary>The text of a query, read strictly: percent-encoded UTF-8, a <c>+</c> for a blank, no NUL.</summary>
/// <remarks>The framework's own reading lets broken sequences through as they stand, and a name that nobody gave would be looked for.</remarks>
public static class QueryText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly SearchValues<char> Encoded = SearchValues.Create("%+\0");

    /// <summary>Decodes a name or a value.</summary>
    /// <param name="text">As it stands in the address.</param>
    /// <param name="parameter">The parameter that it belongs to, which a refusal names.</param>
    /// <exception cref="RefusalException">It is not percent-encoded UTF-8.</exception>
    public static string Decode(ReadOnlySpan<char> text, string parameter)
    {
        if (!text.ContainsAny(Encoded) && Ascii.IsValid(text))
        {
            return text.ToString();
        }

        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                {
                    throw Broken("fault.percent", parameter);
                }

                bytes[length++] = Convert.FromHexString(text.Slice(i + 1, 2))[0];
                i += 2;
            }
            else if (text[i] == '+')
            {
                bytes[length++] = (byte)' ';
            }
            else if (Rune.DecodeFromUtf16(text[i..], out var letter, out var taken) == OperationStatus.Done)
            {
                length += letter.EncodeToUtf8(bytes.AsSpan(length));
                i += taken - 1;
            }
            else
            {
                throw Broken("fault.utf8", parameter);
            }
        }

        try
        {
            var decoded = Strict.GetString(bytes, 0, length);
            return decoded.Contains('\0', StringComparison.Ordinal) ? throw Broken("fault.nul", parameter) : decoded;
        }
        catch (DecoderFallbackException)
        {
            throw Broken("fault.utf8", parameter);
        }
    }

    private static RefusalException Broken(string key, string parameter)
    {
        var fault = new Message(key);
        return new(ProblemCode.UnreadableRequest, fault) { Faults = [new(parameter, fault)] };
    }
}
