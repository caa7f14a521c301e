namespace EcoLabelRegistry.Recognition.Tests;

public sealed class RecognitionGraphTests
{
    [Fact]
    public void A_recognisers_code_is_looked_up_as_scheme_then_policy_then_body_and_a_body_can_be_forced()
    {
        var graph = new TestRegistry()
            .With(Given.Scheme("geca") with { Body = "geca" }, Given.Scheme("sgls") with { Body = "buyer" }, Given.Scheme("kel") with { Body = "keiti" })
            .With(Given.Policy()).Graph;

        Assert.Equal(new Recogniser(RecogniserKind.Scheme, "geca"), graph.FindRecogniser("geca"));
        Assert.Equal(new Recogniser(RecogniserKind.Body, "geca"), graph.FindRecogniser("body:geca"));
        Assert.Equal(new Recogniser(RecogniserKind.Policy, "buyer"), graph.FindRecogniser("buyer"));
        Assert.Equal(new Recogniser(RecogniserKind.Body, "buyer"), graph.FindRecogniser("body:buyer"));
        Assert.Equal(new Recogniser(RecogniserKind.Body, "keiti"), graph.FindRecogniser("keiti"));
        Assert.Null(graph.FindRecogniser("nobody"));
        Assert.Null(graph.FindRecogniser("body:nobody"));
        Assert.Null(graph.FindRecogniser("KEITI"));
    }

    [Fact]
    public void A_category_is_within_itself_and_what_is_above_it_by_parent_and_not_by_its_dots()
    {
        var graph = new TestRegistry().With(new Category("textile.clothing", null), new Category("shirts", "textile.clothing")).Graph;

        Assert.True(graph.IsWithin("shirts", "shirts"));
        Assert.True(graph.IsWithin("shirts", "textile.clothing"));
        Assert.False(graph.IsWithin("textile.clothing", "shirts"));
        Assert.False(graph.IsWithin("textile.clothing", "textile"));
        Assert.True(graph.IsWithin("stranger", "stranger"));
        Assert.False(graph.IsWithinAny(null, ["shirts"]));
    }

    [Fact]
    public void Cycles_of_categories_and_of_parents_end()
    {
        var graph = new TestRegistry()
            .With(new Category("a", "b"), new Category("b", "a"))
            .With(
                Given.Scheme("x") with { Parent = "y", CountsAsParent = true },
                Given.Scheme("y") with { Parent = "x", CountsAsParent = true }).Graph;

        Assert.True(graph.IsWithin("a", "b"));
        Assert.False(graph.IsWithin("a", "coatings"));
        Assert.Equal(["x", "y"], graph.CountsAs("x"));
    }

    [Fact]
    public void A_certificate_counts_for_each_parent_as_long_as_each_says_so()
    {
        var graph = new TestRegistry().With(
            Given.Scheme("top"),
            Given.Scheme("middle") with { Parent = "top" },
            Given.Scheme("low") with { Parent = "middle", CountsAsParent = true }).Graph;

        Assert.Equal(["low", "middle"], graph.CountsAs("low"));
        Assert.Equal(["stranger"], graph.CountsAs("stranger"));
    }

    [Fact]
    public void A_grant_id_that_a_later_text_gives_to_another_pair_is_another_grant()
    {
        var mra = Given.Agreement("mra", AgreementKind.Multilateral, Given.Grant("cel", "geca"), Given.Grant("kel", "geca", id: "k"));
        var registry = new TestRegistry()
            .With(mra with { Texts = [.. mra.Texts, Given.Text("2018-01-01", Given.Grant("kel", "geca"))] }).With(Given.Certificate());

        Assert.Equal(Given.Day("2017-12-31"), registry.Ask("cel", "2017-01-01").HoldsUntil);
        Assert.Equal([Reason.NoAgreement], registry.Ask("cel", "2018-01-01").Reasons.Select(r => r.Reason));
        Assert.Equal("g", registry.Ask("kel", "2018-01-01").Paths.Single().Steps.Single().Grant);
    }
}
