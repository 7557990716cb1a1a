DROP TABLE user_views;
