using System.Collections.Frozen;
using System.Text;

namespace EcoLabelRegistry.Recognition;

/// <summary>The stable code that programs read for a member of a closed list: <c>Level.FullScheme</c> is <c>full-scheme</c>.</summary>
/// <remarks>The code is the member's name in lower kebab-case, so a list is written down once. Renaming a member breaks the contract.</remarks>
public static class Code
{
    /// <summary>The code of a member.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of its list.</exception>
    public static string Of<TMember>(TMember member)
        where TMember : struct, Enum =>
        List<TMember>.Codes.TryGetValue(member, out var code)
            ? code
            : throw new ArgumentOutOfRangeException(nameof(member), member, "Not a member of its list.");

    /// <summary>The member that has the code, compared ordinally.</summary>
    /// <returns>False when no member has it.</returns>
    public static bool TryParse<TMember>(string? code, out TMember member)
        where TMember : struct, Enum
    {
        member = default;
        return code is not null && List<TMember>.Members.TryGetValue(code, out member);
    }

    /// <summary>Every code of a list, in the order in which its members are declared.</summary>
    public static IReadOnlyList<string> All<TMember>()
        where TMember : struct, Enum => List<TMember>.InOrder;

    private static string Kebab(string name)
    {
        var code = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && code.Length > 0)
            {
                code.Append('-');
            }

            code.Append(char.ToLowerInvariant(letter));
        }

        return code.ToString();
    }

    private static class List<TMember>
        where TMember : struct, Enum
    {
        public static readonly string[] InOrder = [.. Enum.GetValues<TMember>().Select(m => Kebab(m.ToString()))];
        public static readonly FrozenDictionary<TMember, string> Codes = Enum.GetValues<TMember>().ToFrozenDictionary(m => m, m => Kebab(m.ToString()));
        public static readonly FrozenDictionary<string, TMember> Members =
            Enum.GetValues<TMember>().ToFrozenDictionary(m => Kebab(m.ToString()), m => m, StringComparer.Ordinal);
    }
}
