def test_posts(): pass
