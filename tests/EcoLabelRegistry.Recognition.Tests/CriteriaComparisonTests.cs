namespace EcoLabelRegistry.Recognition.Tests;

public sealed class CriteriaComparisonTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    // The paint examples. Numbers, definitions and methods are those of the documents; "—" of the sources is null.
    private static readonly Criterion Gs11Flat = new("VOC-flat", Comparator.AtMost)
    {
        Aspect = "hazardous-substances",
        Parameter = "voc-content",
        Limit = 50,
        Unit = "g/L",
        Basis = "less-water-and-exempt",
        Method = "EPA Method 24",
    };

    private static readonly Criterion Hj2537 = new("5.2", Comparator.AtMost)
    {
        Aspect = "hazardous-substances",
        Parameter = "voc-content",
        Limit = 50,
        Unit = "g/L",
        Definition = "boiling-point-250c",
        Method = "GB/T 23986-2009",
    };

    private static readonly Criterion EuMatt = new("4-t3-voc-a", Comparator.AtMost)
    {
        Aspect = "hazardous-substances",
        Parameter = "voc-content",
        Limit = 10,
        Unit = "g/L",
        Basis = "ready-to-use",
        Definition = "boiling-point-250c",
        Method = "ISO 11890-2",
    };

    private static readonly Criterion EcoMark = new("4-1-1", Comparator.AtMost)
    {
        Aspect = "hazardous-substances",
        Parameter = "voc-content",
        Limit = 50,
        Unit = "g/L",
        Definition = "boiling-range-23-260c",
        Method = "GB/T 23986-2009",
    };

    [Fact]
    public void Paint_with_the_same_number_by_another_definition_is_not_comparable()
    {
        // HJ 2537 counts VOC up to 250 °C, Eco Mark from 23 to 260 °C; both print 50 g/L.
        AssertNotComparable(Incomparability.DifferentDefinition, Hj2537, Held(EcoMark));
    }

    [Fact]
    public void Paint_measured_by_another_method_is_not_comparable_although_the_held_number_is_stricter()
    {
        // ISO 11890-2 and EPA Method 24 are not comparable, whatever the numbers say.
        AssertNotComparable(Incomparability.DifferentMethod, Gs11Flat, Held(EuMatt));
        AssertNotComparable(Incomparability.DifferentMethod, EuMatt, Held(Gs11Flat));
        AssertNotComparable(Incomparability.DifferentMethod, Gs11Flat, Held(Hj2537));
    }

    [Fact]
    public void Paint_limited_less_water_is_not_comparable_with_paint_ready_to_use()
    {
        AssertNotComparable(Incomparability.DifferentBasis, EuMatt with { Basis = "less-water-and-exempt" }, Held(EuMatt));
    }

    [Fact]
    public void A_difference_that_both_state_outranks_one_that_only_one_states()
    {
        var bare = new Criterion("1", Comparator.AtMost) { Parameter = "voc-content", Limit = 50, Unit = "g/kg", Method = "EPA Method 24" };

        AssertNotComparable(Incomparability.DifferentMethod, EuMatt, Held(bare));
        AssertNotComparable(Incomparability.DifferentUnit, EuMatt, Held(bare with { Method = null }));
        AssertNotComparable(Incomparability.NotStated, EuMatt, Held(bare with { Method = null, Unit = "g/L" }));
    }

    [Theory]
    [InlineData("definition")]
    [InlineData("method")]
    [InlineData("basis")]
    [InlineData("unit")]
    public void Equal_numbers_say_nothing_where_only_one_side_states_what_they_mean(string left)
    {
        var silent = left switch
        {
            "definition" => EuMatt with { Definition = null },
            "method" => EuMatt with { Method = null },
            "basis" => EuMatt with { Basis = null },
            _ => EuMatt with { Unit = null },
        };

        AssertNotComparable(Incomparability.NotStated, EuMatt, Held(silent));
        AssertNotComparable(Incomparability.NotStated, silent, Held(EuMatt));
    }

    [Fact]
    public void What_neither_side_states_counts_as_agreement()
    {
        var formaldehyde = Limit(Comparator.AtMost, 50, unit: "mg/kg");

        AssertResult(Comparison.Meets, formaldehyde, Held(formaldehyde));
        AssertResult(Comparison.Exceeds, formaldehyde, Held(formaldehyde with { Limit = 10 }));
    }

    [Fact]
    public void Units_convert_exactly_within_a_dimension()
    {
        AssertResult(Comparison.Meets, Limit(Comparator.AtMost, 50, unit: "g/L"), Held(Limit(Comparator.AtMost, 50_000, unit: "mg/L")));
        AssertResult(Comparison.Exceeds, Limit(Comparator.AtMost, 50, unit: "g/L"), Held(Limit(Comparator.AtMost, 49_999.999m, unit: "mg/L")));
        AssertResult(Comparison.FallsShort, Limit(Comparator.AtMost, 50, unit: "g/L"), Held(Limit(Comparator.AtMost, 50.001m, unit: "kg/m3")));
        AssertResult(Comparison.Meets, Limit(Comparator.AtMost, 10, unit: "[ppm]"), Held(Limit(Comparator.AtMost, 10, unit: "mg/kg")));
        AssertNotComparable(Incomparability.DifferentUnit, Limit(Comparator.AtMost, 700, unit: "mg/kg"), Held(Limit(Comparator.AtMost, 1, unit: "g/L")));
    }

    [Fact]
    public void A_unit_outside_ucum_compares_with_itself_only()
    {
        AssertResult(Comparison.FallsShort, Limit(Comparator.AtMost, 20, unit: "kg/ADT"), Held(Limit(Comparator.AtMost, 30, unit: "kg/ADT")));
        AssertNotComparable(Incomparability.DifferentUnit, Limit(Comparator.AtMost, 20, unit: "kg/ADT"), Held(Limit(Comparator.AtMost, 20, unit: "kg/t")));
    }

    [Theory]
    [InlineData(Comparator.AtMost, 50, Comparator.AtMost, 50, Comparison.Meets)]
    [InlineData(Comparator.AtMost, 50, Comparator.AtMost, 49, Comparison.Exceeds)]
    [InlineData(Comparator.AtMost, 50, Comparator.AtMost, 51, Comparison.FallsShort)]
    [InlineData(Comparator.AtMost, 50, Comparator.Below, 50, Comparison.Exceeds)]
    [InlineData(Comparator.Below, 50, Comparator.AtMost, 50, Comparison.FallsShort)]
    [InlineData(Comparator.Below, 50, Comparator.AtMost, 49, Comparison.Exceeds)]
    [InlineData(Comparator.Below, 50, Comparator.Below, 50, Comparison.Meets)]
    [InlineData(Comparator.AtLeast, 70, Comparator.AtLeast, 100, Comparison.Exceeds)]
    [InlineData(Comparator.AtLeast, 100, Comparator.AtLeast, 70, Comparison.FallsShort)]
    [InlineData(Comparator.AtLeast, 70, Comparator.Above, 70, Comparison.Exceeds)]
    [InlineData(Comparator.Above, 70, Comparator.AtLeast, 70, Comparison.FallsShort)]
    [InlineData(Comparator.Above, 70, Comparator.Above, 70, Comparison.Meets)]
    [InlineData(Comparator.Equal, 100, Comparator.Equal, 100, Comparison.Meets)]
    [InlineData(Comparator.Equal, 100, Comparator.AtLeast, 100, Comparison.FallsShort)]
    [InlineData(Comparator.AtLeast, 100, Comparator.Equal, 100, Comparison.Exceeds)]
    [InlineData(Comparator.AtLeast, 100, Comparator.Equal, 99, Comparison.FallsShort)]
    [InlineData(Comparator.AtMost, 50, Comparator.AtLeast, 50, Comparison.FallsShort)]
    [InlineData(Comparator.AtLeast, 50, Comparator.AtMost, 50, Comparison.FallsShort)]
    [InlineData(Comparator.AtMost, -5, Comparator.AtMost, -6, Comparison.Exceeds)]
    [InlineData(Comparator.Frequency, 1, Comparator.Frequency, 2, Comparison.Exceeds)]
    [InlineData(Comparator.Frequency, 2, Comparator.AtLeast, 1, Comparison.FallsShort)]
    public void A_held_limit_stands_to_a_wanted_one_by_the_values_that_it_lets_through(
        Comparator wanted, int wantedLimit, Comparator held, int heldLimit, Comparison expected)
    {
        AssertResult(expected, Limit(wanted, wantedLimit), Held(Limit(held, heldLimit)));
    }

    [Fact]
    public void A_range_is_met_by_itself_exceeded_inside_it_and_missed_beyond_either_end()
    {
        var ph = Range(Comparator.Between, 2, 11.5m);

        AssertResult(Comparison.Meets, ph, Held(ph));
        AssertResult(Comparison.Exceeds, ph, Held(ph with { Comparator = Comparator.BetweenExclusive }));
        AssertResult(Comparison.FallsShort, ph with { Comparator = Comparator.BetweenExclusive }, Held(ph));
        AssertResult(Comparison.Exceeds, ph, Held(Range(Comparator.Between, 6, 9)));
        AssertResult(Comparison.FallsShort, ph, Held(Range(Comparator.Between, 1, 9)));
        AssertResult(Comparison.FallsShort, ph, Held(Range(Comparator.Between, 3, 12)));
        AssertResult(Comparison.FallsShort, ph, Held(Limit(Comparator.AtLeast, 2)));
        AssertResult(Comparison.Exceeds, Limit(Comparator.AtMost, 12), Held(ph));
        AssertResult(Comparison.Exceeds, ph, Held(Limit(Comparator.Equal, 7)));
    }

    [Fact]
    public void Two_one_sided_limits_together_make_a_range()
    {
        var low = Limit(Comparator.AtLeast, 6) with { Ref = "low" };
        var high = Limit(Comparator.AtMost, 9) with { Ref = "high" };

        AssertResult(Comparison.Meets, Range(Comparator.Between, 6, 9), Held(low, high));
        AssertResult(Comparison.Exceeds, Range(Comparator.Between, 5, 9), Held(high, low));
        AssertResult(Comparison.FallsShort, Range(Comparator.Between, 7, 9), Held(low, high));
        AssertResult(Comparison.FallsShort, Range(Comparator.Between, 6, 9), Held(low, high with { Mandatory = false }));
    }

    [Fact]
    public void An_impossible_range_states_no_limit()
    {
        AssertNotComparable(Incomparability.NotStated, Limit(Comparator.AtMost, 9), Held(Range(Comparator.Between, 9, 6)));
        AssertNotComparable(Incomparability.NotStated, Limit(Comparator.AtMost, 9), Held(Range(Comparator.BetweenExclusive, 6, 6)));
    }

    [Fact]
    public void A_limit_that_is_not_held_here_compares_with_nothing()
    {
        AssertNotComparable(Incomparability.NotStated, Limit(Comparator.AtMost, 9), Held(Limit(Comparator.AtMost, null)));
        AssertNotComparable(Incomparability.NotStated, Limit(Comparator.AtMost, null), Held(Limit(Comparator.AtMost, 9)));
        AssertNotComparable(Incomparability.NotStated, Range(Comparator.Between, 2, null), Held(Limit(Comparator.AtMost, 9)));
    }

    [Theory]
    [InlineData(Comparator.Absent, Comparator.Absent, Comparison.Meets)]
    [InlineData(Comparator.Present, Comparator.Present, Comparison.Meets)]
    [InlineData(Comparator.Present, Comparator.Absent, Comparison.FallsShort)]
    [InlineData(Comparator.Absent, Comparator.Present, Comparison.FallsShort)]
    [InlineData(Comparator.Absent, Comparator.NotDetected, Comparison.FallsShort)]
    [InlineData(Comparator.Present, Comparator.NotDetected, Comparison.FallsShort)]
    [InlineData(Comparator.NotDetected, Comparator.Absent, Comparison.Exceeds)]
    public void Presence_and_absence_stand_to_each_other_as_sets(Comparator wanted, Comparator held, Comparison expected)
    {
        AssertResult(expected, Limit(wanted, null), Held(Limit(held, null)));
    }

    [Fact]
    public void A_prohibition_is_stricter_than_any_limit_above_zero_and_as_strict_as_zero()
    {
        AssertResult(Comparison.Exceeds, Limit(Comparator.AtMost, 50, "mg/kg"), Held(Limit(Comparator.Absent, null)));
        AssertResult(Comparison.FallsShort, Limit(Comparator.Absent, null), Held(Limit(Comparator.AtMost, 50, "mg/kg")));
        AssertResult(Comparison.Meets, Limit(Comparator.Absent, null), Held(Limit(Comparator.AtMost, 0, "mg/kg")));
        AssertResult(Comparison.FallsShort, Limit(Comparator.AtLeast, 10, "%"), Held(Limit(Comparator.Absent, null)));
    }

    [Fact]
    public void Being_there_at_all_is_less_than_a_minimum()
    {
        AssertResult(Comparison.Exceeds, Limit(Comparator.Present, null), Held(Limit(Comparator.AtLeast, 50, "%")));
        AssertResult(Comparison.FallsShort, Limit(Comparator.AtLeast, 50, "%"), Held(Limit(Comparator.Present, null)));
        AssertResult(Comparison.Exceeds, Limit(Comparator.Present, null), Held(Limit(Comparator.Frequency, 1, "/a")));
        AssertResult(Comparison.Exceeds, Limit(Comparator.Frequency, 1, "/a"), Held(Limit(Comparator.Frequency, 1, "/d")));
    }

    [Fact]
    public void Not_detected_means_what_its_method_can_see()
    {
        var blind = Limit(Comparator.NotDetected, null);
        var byMethod = blind with { Method = "ISO 17226-1" };

        AssertResult(Comparison.Meets, byMethod, Held(byMethod));
        AssertNotComparable(Incomparability.NotStated, blind, Held(blind));
        AssertNotComparable(Incomparability.DifferentMethod, byMethod, Held(blind with { Method = "ISO 14184-1" }));
        AssertNotComparable(Incomparability.NotStated, Limit(Comparator.AtMost, 20, "mg/kg"), Held(blind));
        AssertResult(Comparison.Exceeds, Limit(Comparator.AtMost, 20, "mg/kg"), Held(blind with { Limit = 16, Unit = "mg/kg" }));
        AssertResult(Comparison.FallsShort, Limit(Comparator.AtMost, 10, "mg/kg"), Held(blind with { Limit = 16, Unit = "mg/kg" }));
    }

    [Fact]
    public void A_list_is_exceeded_by_fewer_values_and_missed_by_a_strange_one()
    {
        AssertResult(Comparison.Meets, OneOf("f-3", "f-4"), Held(OneOf("f-4", "f-3")));
        AssertResult(Comparison.Exceeds, OneOf("f-3", "f-4"), Held(OneOf("f-4")));
        AssertResult(Comparison.FallsShort, OneOf("f-4"), Held(OneOf("f-4", "e1")));
        AssertNotComparable(Incomparability.NotStated, OneOf("f-4"), Held(OneOf("e1")));
        AssertNotComparable(Incomparability.NotStated, OneOf(), Held(OneOf("e1")));
        AssertNotComparable(Incomparability.NotStated, Limit(Comparator.AtMost, 5), Held(OneOf("f-4")));
    }

    [Fact]
    public void A_limit_of_another_document_compares_only_with_the_same_document()
    {
        var carb = Limit(Comparator.ByReference, null) with { OneOf = ["CARB SCM"] };

        AssertResult(Comparison.Meets, carb, Held(carb));
        AssertNotComparable(Incomparability.NotStated, carb, Held(carb with { OneOf = ["GB 18582"] }));
        AssertNotComparable(Incomparability.NotStated, Limit(Comparator.ByReference, null), Held(Limit(Comparator.ByReference, null)));
        AssertNotComparable(Incomparability.NotStated, Limit(Comparator.AtMost, 50), Held(carb));
    }

    [Fact]
    public void Points_are_an_offer_and_each_scheme_counts_its_own()
    {
        var points = Limit(Comparator.Points, 5);

        AssertResult(Comparison.FallsShort, Limit(Comparator.AtMost, 50), Held(points));
        AssertNotComparable(Incomparability.NotStated, points, Held(points));
        AssertNotComparable(Incomparability.NotStated, points, Held(Limit(Comparator.AtLeast, 5)));
        AssertResult(Comparison.FallsShort, points with { Basis = "epeat", Limit = 6 }, Held(points with { Basis = "epeat" }));
        AssertResult(Comparison.Meets, points with { Basis = "epeat" }, Held(points with { Basis = "epeat" }));
    }

    [Fact]
    public void An_option_of_the_held_standard_never_meets_what_is_mandatory()
    {
        var limit = Limit(Comparator.AtMost, 50);

        AssertResult(Comparison.FallsShort, limit, Held(limit with { Limit = 10, Mandatory = false }));
        AssertResult(Comparison.Exceeds, limit with { Mandatory = false }, Held(limit with { Limit = 10, Mandatory = false }));
    }

    [Fact]
    public void A_standard_without_the_parameter_is_silent()
    {
        AssertResult(Comparison.IsSilent, EuMatt, Held(Limit(Comparator.AtMost, 1) with { Parameter = "noise" }));
        AssertResult(Comparison.IsSilent, EuMatt, new Edition("1") { Completeness = CriteriaCompleteness.Full });
    }

    [Fact]
    public void Nothing_is_concluded_from_an_edition_that_is_not_known_or_of_which_nothing_is_held()
    {
        AssertNotComparable(Incomparability.NotStated, EuMatt, null);
        AssertNotComparable(Incomparability.NotStated, EuMatt, new Edition("1") { Completeness = CriteriaCompleteness.None });
        AssertNotComparable(Incomparability.NotStated, EuMatt, new Edition("1") { Completeness = CriteriaCompleteness.Excerpt });
        AssertNotComparable(Incomparability.NotStated, EuMatt with { Parameter = null }, Held(EuMatt with { Parameter = null }));
    }

    [Fact]
    public void Equal_sub_types_are_paired_and_a_criterion_for_all_stands_in()
    {
        var all = Limit(Comparator.AtMost, 50);
        var primer = all with { Ref = "p", AppliesTo = "primer", Limit = 100 };
        var topcoat = all with { Ref = "t", AppliesTo = "topcoat", Limit = 30 };

        AssertResult(Comparison.FallsShort, primer with { Limit = 50 }, Held(all, primer, topcoat));
        AssertResult(Comparison.Exceeds, topcoat with { Limit = 50 }, Held(primer, topcoat, all));
        AssertResult(Comparison.Meets, all with { AppliesTo = "floor" }, Held(primer, topcoat, all));
    }

    [Fact]
    public void What_is_wanted_for_all_is_met_only_where_it_is_demanded_of_all()
    {
        var all = Limit(Comparator.AtMost, 50);
        var primer = all with { Ref = "p", AppliesTo = "primer", Limit = 40 };

        AssertResult(Comparison.Meets, all, Held(primer, all));
        AssertResult(Comparison.FallsShort, all, Held(all, primer with { Limit = 100 }));
        AssertNotComparable(Incomparability.NotStated, all, Held(primer));
        AssertResult(Comparison.FallsShort, all, Held(primer with { Limit = 100 }));
        AssertNotComparable(Incomparability.DifferentMethod, all with { Method = "a" }, Held(all with { Method = "a" }, primer with { Method = "b" }));
    }

    [Fact]
    public void Sub_types_of_other_names_are_not_comparable_rather_than_silent()
    {
        var flat = Gs11Flat with { AppliesTo = "flat topcoat, interior" };
        var matt = EuMatt with { AppliesTo = "interior matt walls and ceilings" };

        AssertNotComparable(Incomparability.DifferentMethod, matt, Held(flat));
        AssertNotComparable(Incomparability.NotStated, matt, Held(matt with { AppliesTo = "primers" }));
    }

    [Fact]
    public void All_criteria_of_a_sub_type_bind_so_the_most_helpful_is_the_result()
    {
        var byIso = Limit(Comparator.AtMost, 50) with { Method = "ISO 11890-2" };
        var byEpa = byIso with { Ref = "2", Method = "EPA Method 24", Limit = 10 };

        AssertResult(Comparison.Meets, byIso, Held(byEpa, byIso));
        AssertResult(Comparison.FallsShort, byIso with { Limit = 20 }, Held(byEpa, byIso));
        AssertNotComparable(Incomparability.DifferentMethod, byIso, Held(byEpa));
    }

    [Fact]
    public void Of_alternatives_in_the_held_standard_every_one_has_to_suffice()
    {
        var e1 = Limit(Comparator.AtMost, 50, "%") with { Ref = "e1", AlternativeGroup = "3" };
        var other = e1 with { Ref = "other", Limit = 65 };
        var stars = OneOf("f-4") with { Ref = "stars", Parameter = "panel-class", AlternativeGroup = "3" };
        var wanted = Limit(Comparator.AtMost, 50, "%");

        AssertResult(Comparison.FallsShort, wanted, Held(e1, other));
        AssertResult(Comparison.Meets, wanted with { Limit = 65 }, Held(e1, other));
        AssertNotComparable(Incomparability.NotStated, wanted, Held(e1, stars));
        AssertResult(Comparison.FallsShort, wanted with { Limit = 40 }, Held(e1, stars));
        AssertResult(Comparison.Meets, wanted, Held(e1, stars with { AlternativeGroup = "4" }));
        AssertResult(Comparison.Meets, wanted with { AppliesTo = "mdf" }, Held(e1, other with { AppliesTo = "plywood" }));
    }

    [Fact]
    public void A_running_derogation_leaves_open_what_an_ended_one_does_not()
    {
        var limit = Limit(Comparator.AtLeast, 100, "%");
        var relief = new Criterion("d", Comparator.Derogation) { Parameter = limit.Parameter, Until = PartialDate.Parse("2020-06") };
        var held = Held(limit, relief);

        AssertNotComparable(Incomparability.NotStated, limit, held, new(2020, 6, 30));
        Assert.Equal(Comparison.Meets, CriteriaComparison.Of(limit, held, new(2020, 7, 1)).Result);
        AssertNotComparable(Incomparability.NotStated, limit, held, asOf: null);
        AssertNotComparable(Incomparability.NotStated, limit, Held(limit, relief with { Until = null }));
        AssertResult(Comparison.FallsShort, limit, Held(limit with { Limit = 90 }, relief));
        AssertResult(Comparison.Meets, limit with { AppliesTo = "napkins" }, Held(limit, relief with { Until = null, AppliesTo = "towels" }));
        AssertResult(Comparison.IsSilent, limit, Held(relief));
    }

    [Fact]
    public void A_wanted_relief_asks_for_nothing()
    {
        AssertResult(Comparison.Meets, new Criterion("x", Comparator.Exemption) { Parameter = "voc-content" }, Held(EuMatt));
        AssertResult(Comparison.Meets, new Criterion("x", Comparator.Derogation), Held(EuMatt));
    }

    [Fact]
    public void Definitions_are_the_same_or_different()
    {
        var eu = new Criterion("def", Comparator.Definition) { Parameter = "voc", Definition = "boiling-point-250c", Limit = 250, Unit = "Cel" };
        var japan = eu with { Definition = "boiling-range-23-260c", Limit = 23, LimitMax = 260 };

        AssertResult(Comparison.Meets, eu, Held(eu with { Ref = "3.2" }));
        AssertNotComparable(Incomparability.DifferentDefinition, eu, Held(japan));
        AssertResult(Comparison.IsSilent, eu, Held(EuMatt));
        AssertResult(Comparison.IsSilent, EuMatt with { Parameter = "voc" }, Held(eu));
    }

    [Fact]
    public void The_matrix_counts_by_aspect_and_gives_no_total()
    {
        var noise = Limit(Comparator.AtMost, 60, "dB") with { Ref = "n", Parameter = "noise", Aspect = "noise" };
        var wanted = Held(
            EuMatt,
            EuMatt with { Ref = "hcho", Parameter = "formaldehyde", Method = null, Definition = null, Basis = null },
            noise,
            noise with { Ref = "n2", Parameter = "noise-standby" },
            noise with { Ref = "x", Comparator = Comparator.Exemption },
            noise with { Ref = "d", Comparator = Comparator.Definition });
        var held = Held(
            EcoMark,
            EuMatt with { Parameter = "formaldehyde", Limit = 5, Method = null, Definition = null, Basis = null },
            noise with { Limit = 65 });

        var matrix = CriteriaComparison.Matrix(wanted, held, Today);

        Assert.Equal("4-t3-voc-a hcho n n2", string.Join(' ', matrix.Criteria.Select(c => c.Wanted.Ref)));
        Assert.Equal(
            [Comparison.NotComparable, Comparison.Exceeds, Comparison.FallsShort, Comparison.IsSilent],
            matrix.Criteria.Select(c => c.Result.Result));
        Assert.Equal(
            [
                new AspectCount("hazardous-substances", Exceeds: 1, Meets: 0, FallsShort: 0, IsSilent: 0, NotComparable: 1),
                new AspectCount("noise", Exceeds: 0, Meets: 0, FallsShort: 1, IsSilent: 1, NotComparable: 0),
            ],
            matrix.Aspects);
    }

    [Fact]
    public void The_matrix_counts_alternatives_of_the_wanted_standard_once_by_the_best()
    {
        var first = Limit(Comparator.AtMost, 10) with { Ref = "a", AlternativeGroup = "g" };
        var second = first with { Ref = "b", Parameter = "other", Limit = 20 };
        var single = first with { Ref = "c", AlternativeGroup = null };

        var matrix = CriteriaComparison.Matrix(
            Held(first, second, single), Held(first with { Limit = 50, AlternativeGroup = null }, second with { AlternativeGroup = null }), Today);

        Assert.Equal(3, matrix.Criteria.Count);
        Assert.Equal([new AspectCount(null, Exceeds: 0, Meets: 1, FallsShort: 1, IsSilent: 0, NotComparable: 0)], matrix.Aspects);
    }

    [Fact]
    public void The_matrix_judges_derogations_on_its_day()
    {
        var limit = Limit(Comparator.AtLeast, 100, "%");
        var held = Held(limit, new Criterion("d", Comparator.Derogation) { Parameter = limit.Parameter, Until = PartialDate.Parse("2020-06-30") });

        Assert.Equal(1, Assert.Single(CriteriaComparison.Matrix(Held(limit), held, new(2020, 6, 30)).Aspects).NotComparable);
        Assert.Equal(1, Assert.Single(CriteriaComparison.Matrix(Held(limit), held, new(2020, 7, 1)).Aspects).Meets);
    }

    private static Criterion Limit(Comparator comparator, decimal? limit, string? unit = null) =>
        new("1", comparator) { Parameter = "p", Limit = limit, Unit = unit };

    private static Criterion Range(Comparator comparator, decimal low, decimal? high) =>
        new("1", comparator) { Parameter = "p", Limit = low, LimitMax = high };

    private static Criterion OneOf(params string[] values) => new("1", Comparator.OneOf) { Parameter = "p", OneOf = values };

    private static Edition Held(params Criterion[] criteria) => new("held") { Completeness = CriteriaCompleteness.Excerpt, Criteria = criteria };

    private static void AssertResult(Comparison expected, Criterion wanted, Edition held) =>
        Assert.Equal((expected, null), Short(CriteriaComparison.Of(wanted, held, Today)));

    private static void AssertNotComparable(Incomparability why, Criterion wanted, Edition? held) => AssertNotComparable(why, wanted, held, Today);

    private static void AssertNotComparable(Incomparability why, Criterion wanted, Edition? held, DateOnly? asOf) =>
        Assert.Equal((Comparison.NotComparable, why), Short(CriteriaComparison.Of(wanted, held, asOf)));

    private static (Comparison Result, Incomparability? Why) Short(ComparisonResult result) => (result.Result, result.Why);
}
