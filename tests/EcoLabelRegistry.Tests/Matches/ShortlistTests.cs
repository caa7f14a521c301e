using EcoLabelRegistry.Matches;

namespace EcoLabelRegistry.Tests.Matches;

public sealed class ShortlistTests
{
    [Fact]
    public void It_holds_the_same_whatever_the_order_in_which_texts_come()
    {
        var random = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            var most = random.Next(1, 12);
            var texts = Enumerable.Range(0, random.Next(100)).Select(i => (Level: random.Next(1, 9), Order: (ulong)random.Next(6), Id: (ulong)i)).ToArray();
            var expected = texts.OrderByDescending(t => t.Level).ThenBy(t => t.Order).ThenBy(t => t.Id).Take(most).ToList();
            var cut = texts.OrderByDescending(t => t.Level).Skip(most).Select(t => t.Level).DefaultIfEmpty(0).Max();

            random.Shuffle(texts);
            var list = new Shortlist<(int, ulong, ulong)>(most);
            foreach (var text in texts)
            {
                list.Add(text.Level, text.Order, text.Id, 0, text);
            }

            Assert.Equal(expected, list.Take());
            Assert.Equal(cut, list.Cut);
        }
    }

    [Fact]
    public void A_text_has_the_level_of_the_pairs_that_it_shares_and_all_of_its_own()
    {
        var pairs = default(SignatureWeights).With(Signature.OfPair('a', 'b'), heavy: false).With(Signature.OfPair('9', '3'), heavy: true);
        Assert.Equal(3, pairs.Level);
        Assert.Equal(3, pairs.LevelOf(Signature.Of("ab\n93")));
        Assert.Equal(0, pairs.LevelOf(Signature.Of("")));
        Assert.Equal(3, pairs.With(Signature.OfPair('9', '3'), heavy: false).Level); // a heavy pair stays heavy
    }
}
