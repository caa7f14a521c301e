using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Matches;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Tests.Matches;

public sealed class ScoreMatchTests
{
    private static readonly SchemeNames Schemes = new(
    [
        new SchemeEntry { Code = "nordic-swan", Aliases = ["SVANEN", "NEO"], Names = new Dictionary<string, string>(StringComparer.Ordinal) { ["en"] = "Nordic Swan Ecolabel", ["zh"] = "北欧天鹅" } },
        new SchemeEntry { Code = "eco-mark" },
    ]);

    private static readonly CertificateEntry Riso = Certificate("eco-mark", "17 133 003", "理想科学工業株式会社 (RISO KAGAKU CORPORATION)", "RISOGRAPH", "MF9350C");

    [Theory]
    [InlineData("RISOGRAPH MF9350C")]
    [InlineData("risograph mf-9350 c")]
    [InlineData("ＭＦ９３５０Ｃ　ＲＩＳＯＧＲＡＰＨ")]
    [InlineData("MF 9350-C")]
    [InlineData("mf9350c")]
    [InlineData("Risograph, (MF_9350/C)")]
    [InlineData("risograph")]
    [InlineData("17 133 003")]
    [InlineData("17133003")]
    [InlineData("eco-mark 17-133-003")]
    [InlineData("Eco Mark 17 133 003 RISOGRAPH MF9350C")]
    [InlineData("理想科学工業株式会社 riso kagaku corporation")]
    [InlineData("理想科学工業株式会社RISO KAGAKU CORPORATION")]
    public void Whole_texts_in_any_case_width_punctuation_and_order_fit_wholly(string typed) => Assert.Equal(1, Score(typed, Riso).Score);

    [Theory]
    [InlineData("risogarph mf9350c")] // swapped
    [InlineData("risogaph mf9350c")] // left out
    [InlineData("rissograph mf9350c")] // doubled
    [InlineData("risogroph mf9350c")] // replaced
    [InlineData("gisograph mf9350c")] // the first one
    public void A_slip_in_a_word_still_fits_well_and_is_safe(string typed)
    {
        var found = Score(typed, Riso);
        Assert.InRange(found.Score, 0.93, 0.99);
        Assert.True(found.IsSafe);
    }

    [Theory]
    [InlineData("risograph mf9360c", "another digit")]
    [InlineData("risograph mf9530c", "digits swapped")]
    [InlineData("risograph mf9350d", "another letter of the model")]
    [InlineData("risograph mf9350", "a piece of the model")]
    [InlineData("risograph mf935", "a piece of a number")]
    [InlineData("risograph", "no model at all")]
    [InlineData("canon mf9350c 220", "a number that is nowhere")]
    [InlineData("eco-mark 17 133 030", "digits of a number swapped")]
    [InlineData("eco-mark 17 133", "a piece of a number")]
    [InlineData("nordic-swan 17 133 003 NEO", "an abbreviation that is nowhere")]
    public void What_may_be_another_machine_or_licence_is_not_safe(string typed, string because) => Assert.False(Score(typed, Riso).IsSafe, because);

    [Fact]
    public void Digits_weigh_more_than_letters()
    {
        var exact = Score("risograph mf935", Certificate("cel", null, null, "RISOGRAPH", "MF935")).Score;
        Assert.Equal(1, exact);
        Assert.True(Score("risograph mf935", Riso).Score < exact - 0.1); // MF9350C
        Assert.True(Score("risograph mf936", Certificate("cel", null, null, "RISOGRAPH", "MF935")).Score < Score("risagraph mf935", Certificate("cel", null, null, "RISOGRAPH", "MF935")).Score - 0.1);
    }

    [Fact]
    public void A_piece_of_a_number_is_one_whatever_was_typed_beside_it()
    {
        var model = Score("acer a314", Certificate("cel", "1", null, "Acer", "A314-21"));
        var number = Score("acer a314", Certificate("cel", "2356314", null, "Acer", "Swift 3"));
        Assert.True(model.Score > number.Score, $"{model.Score} {number.Score}");
        Assert.Equal([MatchField.Brand, MatchField.Model], model.Parts.Select(p => p.Field));
    }

    [Theory]
    [InlineData("珠海赛纳打印科技有限公司")] // a piece of the name missing
    [InlineData("赛纳打印科技")]
    [InlineData("珠海赛纳科技股份有限公司")]
    [InlineData("珠海塞纳打印科技股份有限公司")] // one character for another
    public void A_Chinese_name_is_found_with_a_piece_missing_or_a_character_wrong(string typed) =>
        Assert.InRange(Score(typed, Certificate("cel", null, "珠海赛纳打印科技股份有限公司", "奔图", "P2500")).Score, 0.7, 0.999);

    [Theory]
    [InlineData("ﾄｰｼﾊﾞﾃｯｸ")] // half width, voiced marks apart
    [InlineData("トーシバテック")]
    [InlineData("トーシバ・テック")]
    public void The_width_of_katakana_makes_no_difference(string typed) => Assert.Equal(1, Score(typed, Certificate("eco-mark", null, "トーシバテック", "Loops", "LP35")).Score);

    [Fact]
    public void Scripts_that_meet_without_a_blank_are_two_words() =>
        Assert.Equal(["奔图", "P2500"], Score("奔图P2500", Certificate("cel", null, null, "奔图", "P2500")).Parts.Select(p => p.Query));

    [Theory]
    [InlineData("SVANEN 3015 0032", 1)]
    [InlineData("nordic-swan 30150032", 1)]
    [InlineData("Nordic Swan Ecolabel 3015 0032", 1)]
    [InlineData("北欧天鹅3015 0032", 1)]
    [InlineData("SVANEN 3015 0023", 0.8)] // swapped
    [InlineData("SVANEN 30150032 ", 1)]
    [InlineData("SVANEN 3015 0132", 0.8)] // replaced
    [InlineData("SVANEN 30150132", 0.8)]
    [InlineData("SVANEN 3015 032", 0.65)] // left out
    [InlineData("SVANEN 3015 00032", 0.8)] // doubled
    public void A_number_is_found_with_its_scheme_by_code_alias_or_name_and_with_slips(string typed, double least)
    {
        var found = Score(typed, Certificate("nordic-swan", "3015 0032", null, null, null));
        Assert.InRange(found.Score, least, 1);
        Assert.Equal(["nordic-swan", "3015 0032"], found.Parts.Select(p => p.Text).Distinct());
        Assert.Equal([MatchField.Scheme, MatchField.Number], found.Parts.Select(p => p.Field).Distinct());
        Assert.True(found.Score > Score(typed, Certificate("eco-mark", "3015 0032", null, null, null)).Score);
    }

    [Fact]
    public void What_was_found_says_which_part_of_the_question_and_in_which_text()
    {
        var parts = Score("kagaku Risogarph ＭＦ 9350-Ｃ", Riso).Parts;
        Assert.Equal(["kagaku", "Risogarph", "ＭＦ 9350-Ｃ"], parts.Select(p => p.Query));
        Assert.Equal([MatchField.Holder, MatchField.Brand, MatchField.Model], parts.Select(p => p.Field));
        Assert.Equal("MF9350C", parts[2].Text);
        Assert.Equal([1, 0.889, 1], parts.Select(p => p.Score));
    }

    [Theory]
    [InlineData("eco-mark")] // a scheme alone is no record
    [InlineData("printer")]
    [InlineData("-")]
    [InlineData("\u0301")]
    [InlineData("אבג \u202e xyz")]
    public void What_is_not_there_does_not_fit(string typed) => Assert.InRange(Score(typed, Riso).Score, 0, 0.49);

    [Fact]
    public void The_longest_question_and_the_longest_texts_are_weighed_too()
    {
        var longest = new string('9', AskedText.Longest);
        Assert.Equal(1, Score(longest, Certificate("cel", longest, new string('a', 500), new string('b', 500), new string('c', 500))).Score);
        Assert.Equal(0, Score(string.Join(' ', Enumerable.Repeat("1", 100)), Certificate("cel", null, new string('a', 500), null, null)).Score);
    }

    private static RecordScore Score(string typed, CertificateEntry certificate) => ScoreMatch.Of(AskedText.Of(typed, Schemes), certificate, certificate.Products![0]);

    private static CertificateEntry Certificate(string scheme, string? number, string? holder, string? brand, string? model) =>
        new() { Scheme = scheme, Number = number, Holder = holder, Products = [new ProductLineEntry { Brand = brand, Model = model }] };
}
