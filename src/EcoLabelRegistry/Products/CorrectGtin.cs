using System.Text;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Products;

/// <summary>Finds what a GTIN with a typing error was meant to be: one digit other, or two neighbours swapped, and a product on record.</summary>
/// <remarks>A check digit tells that a digit is wrong and never which one. Where only one correction is on record, it is very likely the one.</remarks>
public static class CorrectGtin
{
    private const int Offered = 3;

    /// <param name="Text">The GTIN as typed.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for; now unless given.</param>
    public sealed record Request(string Text, KnownAt? KnownAt = null) : IRequest<IReadOnlyList<Correction>>;

    /// <summary>A GTIN on record that differs by one slip of the fingers.</summary>
    /// <param name="Digits">The GTIN, as many digits as were typed.</param>
    /// <param name="Position">Which digit as typed is wrong, counted from 1; of two swapped ones the first.</param>
    /// <param name="Swapped">True when it was swapped with the next one.</param>
    /// <param name="Typed">The digit as typed.</param>
    /// <param name="Meant">The digit in its place.</param>
    /// <param name="Brand">Brand of the product on record; null where the GTIN names several, or a line without brand and model.</param>
    /// <param name="Model">Its model.</param>
    /// <param name="Sample">True when all that is known of what it names is invented.</param>
    public sealed record Correction(string Digits, int Position, bool Swapped, char Typed, char Meant, string? Brand, string? Model, bool Sample);

    internal sealed class Handler(Registries registries) : IRequestHandler<Request, IReadOnlyList<Correction>>
    {
        public async Task<IReadOnlyList<Correction>> Handle(Request request, CancellationToken cancel)
        {
            var typed = string.Concat(request.Text.Normalize(NormalizationForm.FormKC).Where(char.IsAsciiDigit));
            if (typed.Length is not (8 or 12 or 13 or 14))
            {
                return [];
            }

            await using var reading = await registries.ReadAsync(request.KnownAt, cancel);
            var found = new List<Correction>();
            foreach (var (digits, position, swapped) in Slips(typed))
            {
                if (found.Count < Offered && Gtin.TryParse(digits, out var gtin) && await reading.ProductsOfGtinAsync(gtin.Digits) is { Count: > 0 } products)
                {
                    var product = products is [{ } one] ? await reading.ProductAsync(one) : null;
                    found.Add(new(digits, position + 1, swapped, typed[position], digits[position], product?.Brand, product?.Model, await IsInventedAsync(reading, gtin)));
                }
            }

            return found;
        }

        private static async Task<bool> IsInventedAsync(Reading reading, Gtin gtin) => (await reading.ByGtinAsync(gtin.Digits)).All(c => c.Entry.Sample == true);

        /// <summary>Neighbours swapped first, for they are the commoner slip; then each place with the nine other digits.</summary>
        private static IEnumerable<(string Digits, int Position, bool Swapped)> Slips(string typed)
        {
            for (var i = 0; i + 1 < typed.Length; i++)
            {
                if (typed[i] != typed[i + 1])
                {
                    yield return (string.Concat(typed.AsSpan(0, i), [typed[i + 1], typed[i]], typed.AsSpan(i + 2)), i, true);
                }
            }

            for (var i = 0; i < typed.Length; i++)
            {
                for (var digit = '0'; digit <= '9'; digit++)
                {
                    if (digit != typed[i])
                    {
                        yield return (string.Concat(typed.AsSpan(0, i), [digit], typed.AsSpan(i + 1)), i, false);
                    }
                }
            }
        }
    }
}
